// Shows the description, for requests to the origin that this page came from: its policy allows no other.
(async () => {
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
    docExpansion: 'list',
    defaultModelsExpandDepth: 0,
    // Keys stay in this page's memory: a reload forgets them.
    persistAuthorization: false,
    // No badge from somebody else's server.
    validatorUrl: null,
  });
})();
