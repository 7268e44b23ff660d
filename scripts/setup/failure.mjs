// What to say of a step that failed: one sentence that names the step, the reason as far as its output shows it, and
// what to do. The connection is blamed only where a tool says that it failed. Pure functions;
// test/setup/failure.test.ts holds them to real output.

export const steps = {
  folder: "This folder could not be set up",
  packages: "Node packages could not be installed (npm ci)",
  library: "The library could not be built (npm run build)",
  venv: "Python could not make a virtual environment in .venv (python -m venv)",
  pip: "JupyterLab could not be installed into .venv (pip install -r requirements.txt)",
};

/** Where the steps that need a connection get what they install, and how to see which one it is. */
const index = {
  packages: "the npm registry (npm config get registry)",
  pip: "the Python package index (pip config get global.index-url)",
};

const any = (...patterns) => new RegExp(patterns.map(({ source }) => source).join("|"), "i");
const again = "run the command again";

// What npm and pip got over; but not of files that npm could not unpack, which is no failure to it.
const harmless = /^npm (warn (?!tar)|notice)|cache has been disabled/i;

const npmCache = /_cacache|_logs|npm-cache|\.npm\b/;

const offline = ({ from }) => `the connection to ${from} failed; the first run needs it: check it, then ${again}`;

/**
 * In the order in which they are asked for: what a tool says of the machine goes before what it says of the connection.
 */
const reasons = [
  {
    shows: any(/\bENOSPC\b|\bEDQUOT\b|No space left on device|Disk quota exceeded|not enough space on the disk/),
    say: ({ at }) => `the disk is full${at}; free some space, then ${again}`,
  },
  {
    shows: any(/\bEROFS\b|Read-only file system/),
    say: ({ at }) => `the file system is read-only${at}; use a folder that can be written`,
  },
  {
    shows: any(/\bEBUSY\b|WinError 32\b|being used by another process/),
    say: ({ at }) => `a file is in use${at}; end what uses it (a JupyterLab that still runs?), then ${again}`,
  },
  {
    // A firewall that forbids a connection has the words of a folder's permissions.
    of: index,
    shows: any(/\bconnect (EACCES|EPERM)\b|new connection: \[Errno 13\]/),
    say: offline,
  },
  {
    shows: any(
      /\b(EACCES|EPERM)\b|Permission denied|PermissionError|Access is denied|WinError 5\b/,
      /root-owned files/,
    ),
    say: ({ at, path, output }) =>
      npmCache.test(path) || /root-owned files/.test(output)
        ? `npm may not write its cache${at}; make it yours, ` +
          `or name another with npm_config_cache=<folder>, then ${again}`
        : `permission is denied${at}; see whose it is and whether you may write there, then ${again}`,
  },
  {
    shows: any(/heap out of memory|MemoryError|\bENOMEM\b|Cannot allocate memory/),
    say: () => `memory ran out; end other programs, then ${again}`,
  },
  {
    of: index,
    shows: any(
      /CERTIFICATE_VERIFY_FAILED|UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT)|CERT_HAS_EXPIRED/,
      /SELF_SIGNED_CERT|self[- ]signed certificate/,
    ),
    say: ({ from }) =>
      `the certificate of ${from} is not accepted; behind a proxy, ` +
      `name the proxy's in NODE_EXTRA_CA_CERTS and PIP_CERT, then ${again}`,
  },
  {
    of: index,
    shows: any(
      /\b(ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT)\b/,
      /npm (error|ERR!) network |socket hang up/,
      /NewConnectionError|Failed to establish a new connection/,
      /ConnectTimeoutError|ReadTimeoutError|ProxyError|RemoteDisconnected/,
      /Temporary failure in name resolution|Name or service not known/,
      /nodename nor servname provided|getaddrinfo failed/,
    ),
    say: offline,
  },
  {
    of: index,
    shows: any(
      /npm (?:error|ERR!) code E([45]\d\d)\b/,
      /HTTP error ([45]\d\d)\b/,
      /\b([45]\d\d) (?:Client|Server) Error/,
    ),
    say: ({ from, found }) => `${from} answered ${found}; see that it is the right one and lets you in, then ${again}`,
  },
  {
    of: { venv: "", pip: "" },
    shows: any(/ensurepip is not\s+available|No module named '?"?(?:ensurepip|venv|pip|distutils)\b/),
    say: () =>
      `this Python lacks a module that it takes; on Debian or Ubuntu install the package python3-venv, then ${again}`,
  },
  {
    // Said of an index that lacks the package, and of one that pip was told to ask only once.
    of: { pip: "" },
    shows: any(/requirement (\S+) \(from versions: none\)/),
    say: ({ found }) =>
      `${index.pip} shows no ${found}; see that it is the right one and can be reached, then ${again}`,
  },
  {
    of: { pip: "" },
    shows: any(/No matching distribution found for (\S+)/),
    say: ({ found }) => `${index.pip} has no ${found} for this Python; name another with PYTHON=<path>, then ${again}`,
  },
  {
    of: { packages: "" },
    shows: any(/npm (?:error|ERR!) code EUSAGE/),
    say: () => "package.json and package-lock.json do not agree; run npm install",
  },
];

const places = [
  /(?:EACCES|EPERM|EROFS|EBUSY)[^\n]*?'([^'\n]+)'/,
  /\[Errno \d+\][^\n]*?: '([^'\n]+)'/,
  /npm (?:error|ERR!) path (.+)/,
  /chown -R \S+ "([^"\n]+)"/,
];

/**
 * `step` is a key of `steps`, `output` all that the tool printed, `end` how it ended: its status, or a signal, or the
 * code with which it did not start.
 */
export function failure(step, output, end = {}) {
  return `${steps[step]}: ${reason(step, output, end)}.`;
}

function reason(step, text, { status, signal, code }) {
  if (code === "ENOENT") return `its program was not found; see that it is on the PATH, then ${again}`;
  const output = text
    .split("\n")
    .filter((line) => !harmless.test(line))
    .join("\n");
  const path = places.map((pattern) => pattern.exec(output)?.[1]).find(Boolean) ?? "";
  const known = reasons.find(({ of, shows }) => (!of || step in of) && shows.test(output));
  if (known) {
    const found = known.shows.exec(output).slice(1).find(Boolean);
    return known.say({ path, at: path && ` at ${path}`, output, from: index[step], found });
  }
  if (signal) return `it was ended by ${signal}; ${again}`;
  return step === "folder" ? output.trim() : `it ended with status ${status}, and the lines above are its last`;
}
