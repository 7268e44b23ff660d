export * from "./kernel.js";
export { cores, pool, share, type Pool } from "./pool.js";
export { fusedMultiplyAdd, workspace, workspaceBytes, type Floats, type KernelExports, type Workspace } from "./wasm/workspace.js";
