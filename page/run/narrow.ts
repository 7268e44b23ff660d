// Charts for a phone: drawn for the width of its column, and shown by the page's style where that is the width.

/** Pixels, and the name of this form among a display's others. */
export const narrow = { width: 360, form: "image/svg+xml;narrow" } as const;
