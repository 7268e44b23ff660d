// Stands in a page's bundle for ts-interface-checker, with which sucrase checks the options it is called with: ours are
// typed, and the checker is 16 kB.
const nothing = () => undefined;

export const array = nothing;
export const iface = nothing;
export const lit = nothing;
export const opt = nothing;
export const union = nothing;

export const createCheckers = () => ({ Options: { strictCheck: nothing } });
