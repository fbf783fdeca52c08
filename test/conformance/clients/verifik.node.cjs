// One image as base64.
const fs = require('node:fs');
const fetch = require('node-fetch');
const { BASE_URL, API_KEY, IMAGE_FILE } = process.env;

(async () => {
  const response = await fetch(`${BASE_URL}/v2/face-recognition/liveness`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${API_KEY}` },
    body: JSON.stringify({ os: 'DESKTOP', image: fs.readFileSync(IMAGE_FILE, 'base64'), liveness_min_score: 0.6 }),
  });
  console.log(JSON.stringify(await response.json()));
})();
