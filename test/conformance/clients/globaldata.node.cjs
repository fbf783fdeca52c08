// Creates a hosted check and asks once where it stands.
const fetch = require('node-fetch');
const { BASE_URL, API_KEY } = process.env;
const headers = { Authorization: `Bearer ${API_KEY}`, 'Content-Type': 'application/json' };

(async () => {
  const created = await fetch(`${BASE_URL}/liveness_check`, {
    method: 'POST',
    headers,
    body: JSON.stringify({
      return_url: 'https://example.com/return',
      link_valid_mins: 10,
      threshold: 70,
      audit_images: 2,
    }),
  });
  const { token } = await created.json();
  const result = await fetch(`${BASE_URL}/liveness_check?token=${token}`, { headers });
  console.log(JSON.stringify({ status: result.status, body: await result.json() }));
})();
