// Trusted Types: what htmx puts into a page comes from this origin alone (connect-src), so it may; nothing else may.
htmx.registerExtension("trusted", {
  init: (api) => api.initSecurity(globalThis.trustedTypes?.createPolicy("htmx", { createHTML: (html) => html, createScript: () => "" })),
});
