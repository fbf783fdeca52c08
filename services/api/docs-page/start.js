// Shows the description, for requests to the origin that this page came from: its policy allows no other.
(async () => {
  // Names for the lists that the renderer leaves without one, and no link inside a button: both do the same.
  const mend = () => {
    for (const select of document.querySelectorAll('select:not([aria-label])'))
      select.setAttribute('aria-label', nameOf(select));
    for (const link of document.querySelectorAll('button a[href]')) link.removeAttribute('href');
  };
  const nameOf = (select) => {
    if (select.id === 'servers') return 'Server';
    return select.classList.contains('examples-select-element') ? 'Example' : select.dataset.name || 'Media type';
  };
  new MutationObserver(mend).observe(document.body, { childList: true, subtree: true });
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
  dark.addEventListener('change', follow);
  follow();
  const spec = await (await fetch('/openapi.json')).json();
  if (spec.servers[0].url !== location.origin)
    spec.servers.unshift({ url: location.origin, description: 'Where this page came from' });
  window.SwaggerUIBundle({
    spec,
    domNode: document.getElementById('description'),
    deepLinking: true,
    filter: true,
    displayRequestDuration: true,
    syntaxHighlight: { theme: 'monokai' },
    docExpansion: 'list',
    defaultModelsExpandDepth: 0,
    // Keys stay in this page's memory: a reload forgets them.
    persistAuthorization: false,
    // No badge from somebody else's server.
    validatorUrl: null,
  });
})();
