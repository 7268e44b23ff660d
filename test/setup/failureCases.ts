// What tools print when they fail (as seen, shortened), and what a reader is told of it.

export type End = { status?: number; signal?: string; code?: string };

export const offline = new RegExp(
  /: the connection to the (npm registry|Python package index) \(.+\) failed; the first run /.source +
    /needs it: check it, then run the command again\.$/.source,
);
export const npmCode = (code: string) =>
  `npm error code ${code}\nnpm error errno ${code}\n` +
  "npm error network request to https://example.org/x failed, reason: \n" +
  "npm error network This is a problem related to network connectivity.";
export const pipRetry = (why: string) =>
  `WARNING: Retrying (Retry(total=0, connect=None)) after connection broken by '${why}': ` +
  "/simple/jupyterlab/\nERROR: No matching distribution found for jupyterlab==4.6.4";
const noCache =
  "WARNING: The directory '/home/x/.cache/pip' or its parent directory is not owned " +
  "or is not writable by the current user. The cache has been disabled.";

export const table: [what: string, step: string, output: string, end: End, told: RegExp][] = [
  [
    "npm, disk full",
    "packages",
    "npm error code ENOSPC\nnpm error syscall write\nnpm error nospc ENOSPC: no space left on device, write",
    { status: 1 },
    /^Node packages .+\(npm ci\): the disk is full; free some space/,
  ],
  [
    "npm, disk full while unpacking, which it only warns of",
    "packages",
    "npm warn tar TAR_ENTRY_ERROR ENOSPC: no space left on device, write\nnpm error code 1\nnpm error path /p",
    { status: 1 },
    /the disk is full/,
  ],
  [
    "pip, disk full",
    "pip",
    "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
    { status: 1 },
    /^JupyterLab .+: the disk is full/,
  ],
  [
    "Windows, disk full",
    "venv",
    "Error: [WinError 112] There is not enough space on the disk",
    { status: 1 },
    /the disk is full/,
  ],
  [
    "disk full after a broken connection",
    "pip",
    `${pipRetry("NewConnectionError('x')")}\nOSError: [Errno 28] No space left on device`,
    { status: 1 },
    /the disk is full/,
  ],
  [
    "read-only",
    "folder",
    "EROFS: read-only file system, mkdir '/p/.setup'",
    {},
    /^This folder .+: the file system is read-only at \/p\/.setup; use a folder/,
  ],
  [
    "read-only, Python",
    "venv",
    "Error: [Errno 30] Read-only file system: '/p/.venv'",
    { status: 1 },
    /the file system is read-only at \/p\/.venv/,
  ],
  [
    "a folder of another user",
    "folder",
    "EACCES: permission denied, mkdir '/p/.setup'",
    {},
    /^This folder .+: permission is denied at \/p\/.setup; see whose it is/,
  ],
  [
    "a folder of another user, Python",
    "venv",
    "Error: [Errno 13] Permission denied: '/p/.venv'",
    { status: 1 },
    /permission is denied at \/p\/.venv/,
  ],
  [
    "an unwritable home",
    "packages",
    "npm error code EACCES\nnpm error syscall mkdir\nnpm error path /home/x/.npm\nnpm error errno EACCES",
    { status: 243 },
    /npm may not write its cache at \/home\/x\/.npm; make it yours, or name another/,
  ],
  [
    "a cache of another user",
    "packages",
    "npm error code EACCES\nnpm error Your cache folder contains root-owned files, due to a bug\n" +
      'npm error   sudo chown -R 1000:1000 "/c"',
    { status: 243 },
    /npm may not write its cache at \/c;/,
  ],
  [
    "node_modules of another user",
    "packages",
    "npm error code EACCES\nnpm error path /p/node_modules/a\n" +
      "npm error EACCES: permission denied, rmdir '/p/node_modules/a'",
    { status: 243 },
    /permission is denied at \/p\/node_modules\/a;/,
  ],
  [
    "a cache that pip does without, and another fault",
    "pip",
    `${noCache}\nERROR: No matching distribution found for nbclient==0.11.0`,
    { status: 1 },
    /the Python package index \(.+\) has no nbclient==0\.11\.0 for this Python/,
  ],
  [
    "an index that shows nothing",
    "pip",
    "ERROR: Could not find a version that satisfies the requirement a==1 (from versions: none)\n" +
      "ERROR: No matching distribution found for a==1",
    { status: 1 },
    /the Python package index \(.+\) shows no a==1; see that it is the right one and can be reached/,
  ],
  [
    "what npm only warns of, and another fault",
    "packages",
    "npm warn cleanup EPERM: operation not permitted, rmdir 'C:\\p'\nnpm error code E404",
    { status: 1 },
    /the npm registry \(.+\) answered 404/,
  ],
  [
    "a file in use",
    "folder",
    "EBUSY: resource busy or locked, rmdir 'C:\\p\\.venv'",
    {},
    /a file is in use at C:\\p\\\.venv; end what uses it/,
  ],
  [
    "a proxy's certificate, npm",
    "packages",
    "npm error code SELF_SIGNED_CERT_IN_CHAIN\nnpm error self-signed certificate in certificate chain",
    { status: 1 },
    /certificate .+ is not accepted/,
  ],
  [
    "a proxy's certificate, pip",
    "pip",
    pipRetry("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed')"),
    { status: 1 },
    /certificate .+ is not accepted/,
  ],
  [
    "a registry that refuses",
    "packages",
    "npm error code E403\nnpm error 403 403 Forbidden",
    { status: 1 },
    /the npm registry \(.+\) answered 403/,
  ],
  [
    "an index that refuses",
    "pip",
    "ERROR: HTTP error 503 while getting https://example.org/x.whl",
    { status: 1 },
    /the Python package index \(.+\) answered 503/,
  ],
  [
    "no venv module",
    "venv",
    "The virtual environment was not created successfully because ensurepip is not\n" +
      "available.  On Debian/Ubuntu systems, you need to install the python3-venv package",
    { status: 1 },
    /python3-venv/,
  ],
  [
    "no venv module at all",
    "venv",
    "/usr/bin/python3: No module named venv",
    { status: 1 },
    /on Debian or Ubuntu install the package python3-venv/,
  ],
  [
    "Debian's ensurepip, on one line",
    "venv",
    "Error: Command '['/p/.venv/bin/python', '-m', 'ensurepip', '--upgrade']' " +
      "returned non-zero exit status 1.\nNo module named ensurepip",
    { status: 1 },
    /python3-venv/,
  ],
  [
    "a lock file that does not fit",
    "packages",
    "npm error code EUSAGE\n" +
      "npm error `npm ci` can only install packages when your package.json " +
      "and package-lock.json are in sync.",
    { status: 1 },
    /do not agree; run npm install/,
  ],
  [
    "no memory",
    "library",
    "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
    { signal: "SIGABRT" },
    /^The library could not be built .+: memory ran out/,
  ],
  ["killed", "pip", "", { signal: "SIGKILL" }, /it was ended by SIGKILL; run the command again\.$/],
  ["no npm", "packages", "", { code: "ENOENT" }, /its program was not found; see that it is on the PATH/],
  [
    "a fault in a source",
    "library",
    "lib/op.ts(3,1): error TS2322: Type 'number' is not assignable to type 'string'.",
    { status: 2 },
    /it ended with status 2, and the lines above are its last\.$/,
  ],
  [
    "a source that speaks of connections",
    "library",
    "lib/op.ts(3,1): error TS2304: Cannot find name 'ECONNREFUSED'.",
    { status: 2 },
    /it ended with status 2/,
  ],
];
