// How much of a tensor's contents is followed.

/** Longer contents are never needed to know a shape. */
export const maxData = 1024;
