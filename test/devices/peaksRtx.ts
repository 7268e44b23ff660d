// Where the peaks of NVIDIA's RTX cards come from; how it is written: derivation.ts. Numbers of SMs and boost clocks
// are TechPowerUp's, rates a clock those of the architectures' whitepapers; GeForce cards halve theirs with FP32
// accumulation.
import { chip, type Peaks } from "./derivation.js";

const ga102 = "GA102 whitepaper: 128 FP32 lanes an SM, tensor cores at half of their rate with FP32 accumulation";
const ada = "Ada whitepaper: 128 FP32 lanes and four tensor cores an SM";
const blackwell = "RTX Blackwell whitepaper: 128 FP32 lanes and four tensor cores an SM";

const ga10x = (clock: number, sms: number): Peaks =>
  chip(`${ga102}; TechPowerUp's SMs and clock`, clock, sms, { fp32: 256, bf16: 512, fp16: 512, int8: 2048 });
const ad10x = (clock: number, sms: number): Peaks =>
  chip(`${ada}; TechPowerUp's SMs and clock`, clock, sms, { fp32: 256, bf16: 512, fp16: 512, fp8: 1024, int8: 2048 });
const gb20x = (clock: number, sms: number): Peaks =>
  chip(`${blackwell}; TechPowerUp's SMs and clock`, clock, sms, {
    fp32: 256,
    bf16: 512,
    fp16: 512,
    fp8: 1024,
    int8: 2048,
    fp4: 4096,
  });

/** Of the RTX cards that are not GeForce: tensor cores at their full rate. */
const fullRate = { fp32: 256, tf32: 512, bf16: 1024, fp16: 1024, int8: 2048 };

export const rtxPeaks: Record<string, Peaks> = {
  a6000: chip(`${ga102}, but the A6000; 84 SMs at 1800 MHz`, 1.8e9, 84, fullRate),
  "rtx6000-ada": chip(`${ada}; RTX 6000: 142 SMs at 2505 MHz`, 2.505e9, 142, { ...fullRate, fp8: 2048 }),
  "rtx-pro-6000": chip(`${blackwell}; 188 SMs at 2617 MHz`, 2.617e9, 188, {
    fp32: 256,
    bf16: 1024,
    fp16: 1024,
    fp8: 2048,
    int8: 2048,
    fp4: 4096,
  }),
  rtx3060: ga10x(1.777e9, 28),
  rtx3060ti: ga10x(1.665e9, 38),
  rtx3070: ga10x(1.725e9, 46),
  rtx3080: ga10x(1.71e9, 68),
  rtx3090: chip("GA102 whitepaper: 82 SMs at 1695 MHz, 128 FP32 lanes", 1.695e9, 82, {
    fp32: 256,
    bf16: 512,
    fp16: 512,
  }),
  rtx3090ti: ga10x(1.86e9, 84),
  rtx4060: ad10x(2.46e9, 24),
  "rtx4060ti-16": ad10x(2.535e9, 34),
  rtx4070: ad10x(2.475e9, 46),
  "rtx4070ti-super": ad10x(2.61e9, 66),
  rtx4080: ad10x(2.505e9, 76),
  "rtx4080-super": ad10x(2.55e9, 80),
  rtx4090: chip(`${ada}; RTX 4090: 128 SMs at 2520 MHz, half of the rate with FP32 accumulation`, 2.52e9, 128, {
    fp32: 256,
    bf16: 512,
    fp16: 512,
    fp8: 1024,
    int8: 2048,
  }),
  "rtx5060ti-16": gb20x(2.572e9, 36),
  rtx5070: gb20x(2.512e9, 48),
  rtx5070ti: gb20x(2.452e9, 70),
  rtx5080: gb20x(2.617e9, 84),
  rtx5090: chip("RTX Blackwell whitepaper: 170 SMs at 2407 MHz, 128 FP32 lanes", 2.407e9, 170, {
    fp32: 256,
    bf16: 512,
    fp16: 512,
    fp8: 1024,
    int8: 2048,
    fp4: 4096,
  }),
};
