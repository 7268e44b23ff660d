"""The configurations that diffusion.py asks diffusers about, published and small,
and other values of their fields."""

SD15 = {"sample_size": 64, "cross_attention_dim": 768}
SD21 = {"sample_size": 96, "cross_attention_dim": 1024, "attention_head_dim": [5, 10, 20, 20],
    "use_linear_projection": True}
SDXL = {
    "sample_size": 128, "cross_attention_dim": 2048, "attention_head_dim": [5, 10, 20], "use_linear_projection": True,
    "block_out_channels": [320, 640, 1280], "transformer_layers_per_block": [1, 2, 10],
    "down_block_types": ["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
    "up_block_types": ["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"],
    "addition_embed_type": "text_time", "addition_time_embed_dim": 256, "projection_class_embeddings_input_dim": 2816,
    "upcast_attention": None, "resnet_time_scale_shift": "default", "resnet_out_scale_factor": 1.0,
}
REFINER = {
    **SDXL, "block_out_channels": [384, 768, 1536, 1536], "attention_head_dim": [6, 12, 24, 24],
    "cross_attention_dim": 1280, "transformer_layers_per_block": 4, "projection_class_embeddings_input_dim": 2560,
    "down_block_types": ["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"],
    "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"],
}
VAE = {
    "block_out_channels": [128, 256, 512, 512], "layers_per_block": 2, "sample_size": 512,
    "down_block_types": ["DownEncoderBlock2D"] * 4, "up_block_types": ["UpDecoderBlock2D"] * 4,
}
VAE16 = {**VAE, "sample_size": 1024, "latent_channels": 16, "use_quant_conv": False, "use_post_quant_conv": False}
DIT = {
    "norm_type": "ada_norm_zero", "num_embeds_ada_norm": 1000, "attention_bias": True, "patch_size": 2,
    "in_channels": 4, "out_channels": 8, "num_layers": 28, "attention_head_dim": 72, "norm_elementwise_affine": False,
    "activation_fn": "gelu-approximate",
}
SD3 = {"num_layers": 24, "num_attention_heads": 24, "caption_projection_dim": 1536, "pos_embed_max_size": 192}
SD35 = {"num_layers": 38, "num_attention_heads": 38, "caption_projection_dim": 2432, "pos_embed_max_size": 192,
    "qk_norm": "rms_norm"}
SD35M = {**SD3, "pos_embed_max_size": 384, "qk_norm": "rms_norm", "dual_attention_layers": list(range(13))}

# Name, class, configuration, size of the latent or image, tokens.
REAL = [
    ("Stable Diffusion 1.5", "UNet2DConditionModel", SD15, None, 77),
    ("Stable Diffusion 1.5, not a multiple of eight", "UNet2DConditionModel", SD15, [65, 98], 77),
    ("Stable Diffusion 2.1", "UNet2DConditionModel", SD21, None, 77),
    ("SDXL", "UNet2DConditionModel", SDXL, None, 77),
    ("SDXL refiner", "UNet2DConditionModel", REFINER, None, 77),
    ("upscaler x4", "UNet2DConditionModel", {
        "block_out_channels": [256, 512, 512, 1024], "in_channels": 7, "num_class_embeds": 1000, "sample_size": 128,
        "cross_attention_dim": 1024, "only_cross_attention": [True, True, True, False], "use_linear_projection": True,
        "down_block_types": ["DownBlock2D", *["CrossAttnDownBlock2D"] * 3],
        "up_block_types": [*["CrossAttnUpBlock2D"] * 3, "UpBlock2D"]}, None, 77),
    ("SSD-1B", "UNet2DConditionModel", {
        **SDXL, "transformer_layers_per_block": [0, [2, 2], [4, 4]],
        "reverse_transformer_layers_per_block": [[4, 4, 10], [2, 1, 1], 1], "mid_block_type": "UNetMidBlock2D"},
        None, 77),
    ("Kolors", "UNet2DConditionModel", {
        **SDXL, "encoder_hid_dim": 4096, "encoder_hid_dim_type": "text_proj",
        "projection_class_embeddings_input_dim": 5632}, None, 256),
    ("autoencoder of Stable Diffusion", "AutoencoderKL", VAE, None, None),
    ("autoencoder of SDXL", "AutoencoderKL", {**VAE, "sample_size": 1024, "scaling_factor": 0.13025}, None, None),
    ("autoencoder of FLUX.1", "AutoencoderKL", {**VAE16, "scaling_factor": 0.3611, "shift_factor": 0.1159}, [768,
        1024], None),
    ("DiT-XL/2", "Transformer2DModel", {**DIT, "sample_size": 32, "num_attention_heads": 16}, None, None),
    ("DiT-XL/2 of 512 pixels", "DiTTransformer2DModel", {**DIT, "sample_size": 64, "num_attention_heads": 16},
        None, None),
    ("Stable Diffusion 3", "SD3Transformer2DModel", SD3, None, 333),
    ("Stable Diffusion 3.5 large", "SD3Transformer2DModel", SD35, None, 333),
    ("Stable Diffusion 3.5 medium", "SD3Transformer2DModel", SD35M, [96, 160], 333),
    ("FLUX.1 dev", "FluxTransformer2DModel", {"guidance_embeds": True}, None, 512),
    ("FLUX.1 schnell", "FluxTransformer2DModel", {}, [128, 96], 256),
]

UNET = {
    "sample_size": 10, "in_channels": 3, "out_channels": 5, "block_out_channels": [8, 16, 24], "layers_per_block": 1,
    "norm_num_groups": 4, "cross_attention_dim": 12, "attention_head_dim": 2,
    "down_block_types": ["CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"],
    "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"],
}
UNETXL = {
    **UNET, "attention_head_dim": [2, 4, 3], "transformer_layers_per_block": [1, 2, 3], "use_linear_projection": True,
    "addition_embed_type": "text_time", "addition_time_embed_dim": 4, "projection_class_embeddings_input_dim": 34,
    "down_block_types": ["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
    "up_block_types": ["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"], "layers_per_block": [1, 2, 2],
}
SMALLVAE = {
    "block_out_channels": [8, 16], "layers_per_block": 2, "sample_size": 21, "norm_num_groups": 4,
    "latent_channels": 3,
    "down_block_types": ["DownEncoderBlock2D"] * 2, "up_block_types": ["UpDecoderBlock2D"] * 2,
}
SMALLDIT = {
    "num_attention_heads": 3, "attention_head_dim": 8, "in_channels": 3, "num_layers": 2, "sample_size": 8,
    "patch_size": 2, "num_embeds_ada_norm": 10, "norm_type": "ada_norm_zero",
}
SMALLSD3 = {
    "sample_size": 8, "patch_size": 2, "in_channels": 4, "num_layers": 3, "attention_head_dim": 8,
    "num_attention_heads": 3, "joint_attention_dim": 20, "caption_projection_dim": 24, "pooled_projection_dim": 14,
    "out_channels": 4, "pos_embed_max_size": 12,
}
SMALLFLUX = {
    "in_channels": 8, "num_layers": 2, "num_single_layers": 3, "attention_head_dim": 16, "num_attention_heads": 2,
    "joint_attention_dim": 20, "pooled_projection_dim": 14, "guidance_embeds": True, "axes_dims_rope": [4, 6, 6],
}
SMALL = [
    ("small UNet", "UNet2DConditionModel", UNET, [10, 14], 7),
    ("small UNet of text and sizes", "UNet2DConditionModel", UNETXL, [8, 12], 7),
    ("small UNet of classes", "UNet2DConditionModel", {**UNET, "num_class_embeds": 9, "mid_block_type": None},
        None, 7),
    ("small UNet, projected", "UNet2DConditionModel", {
        **UNET, "class_embed_type": "projection", "projection_class_embeddings_input_dim": 11, "encoder_hid_dim": 10,
        "resnet_time_scale_shift": "scale_shift", "time_cond_proj_dim": 6}, None, 7),
    ("small autoencoder", "AutoencoderKL", SMALLVAE, None, None),
    ("small DiT", "DiTTransformer2DModel", SMALLDIT, None, None),
    ("small DiT by its old name", "Transformer2DModel", {
        **SMALLDIT, "attention_bias": True, "activation_fn": "gelu-approximate", "norm_elementwise_affine": False},
            None, None),
    ("small MMDiT", "SD3Transformer2DModel", SMALLSD3, [8, 12], 5),
    ("small MMDiT of two attentions", "SD3Transformer2DModel", {
        **SMALLSD3, "qk_norm": "rms_norm", "dual_attention_layers": [0, 2]}, None, 5),
    ("small FLUX", "FluxTransformer2DModel", SMALLFLUX, [8, 12], 5),
]
# Fields that change neither a size nor what is run.
IDLE = {"dropout", "norm_eps", "freq_shift", "scaling_factor", "shift_factor", "latents_mean", "latents_std"}
LISTS = {
    "down_block_types": [["DownBlock2D", "DownBlock2D", "CrossAttnDownBlock2D"], ["DownBlock2D", "AttnDownBlock2D",
    "DownBlock2D"]],
    "up_block_types": [["CrossAttnUpBlock2D", "UpBlock2D", "UpBlock2D"], ["UpBlock2D", "SimpleCrossAttnUpBlock2D",
    "UpBlock2D"]],
    "block_out_channels": [[16, 8, 24], [24, 16, 8], [8, 16]],
    "layers_per_block": [[1, 2, 1], [2, 1, 2]], "attention_head_dim": [[1, 2, 3], [4, 2, 2]],
    "cross_attention_dim": [[12, 12, 10], [6, 12, 12]], "only_cross_attention": [[True, False, True]],
    "transformer_layers_per_block": [[1, 2, 1], [2, 1, 1], 2], "axes_dims_rope": [[2, 4, 10], [4, 6]],
    "reverse_transformer_layers_per_block": [[[1, 2], [1, 1], [2, 1]]], "dual_attention_layers": [[1], [0, 1]],
    "mid_block_type": ["UNetMidBlock2D", "UNetMidBlock2DSimpleCrossAttn"], "sample_size": [[6, 9]],
    "class_embed_type": ["timestep", "identity", "simple_projection", "projection"], "qk_norm": ["rms_norm",
    "layer_norm"],
    "resnet_time_scale_shift": ["scale_shift"], "act_fn": ["gelu", "mish", "relu"],
    "norm_type": ["ada_norm_single", "ada_norm"],
    "activation_fn": ["gelu", "geglu", "gelu-approximate", "geglu-approximate"], "attention_type": ["gated"],
    "time_embedding_type": ["fourier"], "time_embedding_act_fn": ["silu"], "timestep_post_act": ["silu"],
    "addition_embed_type": ["text", "text_image", "image"], "encoder_hid_dim_type": ["text_proj", "image_proj"],
    "cross_attention_norm": ["layer_norm"],
}

