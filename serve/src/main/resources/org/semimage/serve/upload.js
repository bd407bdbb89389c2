const at = id => document.getElementById(id);
const BITS_PER_PIXEL = [0.08, 0.25, 1];
let asked;

function say(text) {
  at('status').textContent = text;
}

// What is shown of a picture: a name, and how it is coded.
function ways(picture) {
  const sized = (format, bytes) => ({name: `${NAMES[format]}, ${inBytes(bytes)}`, query: `format=${format}&bytes=${bytes}`});
  const least = bits => Math.max(500, Math.round(bits * picture.width * picture.height / 8));
  return [{name: 'Original', query: 'format=png'}, {name: 'Caption', query: 'format=caption', words: true},
    ...[60, 100, 300].map(bytes => ({...sized('descriptor', bytes), words: true})),
    ...[...new Set(BITS_PER_PIXEL.map(least))].map(bytes => sized('transform', bytes)),
    {name: 'Lossless', query: 'format=lossless'}];
}

async function fill(card, picture, way, signal) {
  const base = `upload/${picture.name}?${way.query}`;
  const response = await load(base, {signal});
  const image = element('img');
  image.alt = way.name;
  image.src = URL.createObjectURL(await response.blob());
  await image.decode();
  const now = figures(response);
  const cost = way.query === 'format=png' ? `${now.width} x ${now.height}; sent as ${inBytes(picture.bytes)}`
    : `${whole.format(now.bytes)} bytes, ${bitsPerPixel(now.bytes, now.width, now.height)} bits per pixel, `
      + `encoded in ${inMillis(now.encode)}, decoded in ${inMillis(now.decode)}`;
  const words = way.words ? texts(await (await load(`${base}&show=text`, {signal})).json()) : [];
  card.replaceChildren(image, element('h2', way.name), element('p', cost, 'soft'), ...words);
}

async function show(picture, signal) {
  const all = ways(picture).map(way => ({way, card: element('li')}));
  all.forEach(({way, card}) => card.append(element('h2', way.name), element('p', 'Coding …', 'soft')));
  at('cards').replaceChildren(...all.map(one => one.card));
  for (const {way, card} of all) {
    try {
      await fill(card, picture, way, signal);
    } catch (failure) {
      if (failure.name === 'AbortError') {
        return;
      }
      card.replaceChildren(element('h2', way.name), element('p', failure.message, 'soft'));
    }
  }
  say('');
}

at('form').addEventListener('submit', async event => {
  event.preventDefault();
  asked?.abort();
  asked = new AbortController();
  const {signal} = asked;
  const file = at('file').files[0];
  const caption = at('caption').value.trim();
  say('Sending …');
  try {
    const type = file.type.startsWith('image/') ? file.type : 'image/sem';
    const answer = await load(`upload${caption ? `?caption=${encodeURIComponent(caption)}` : ''}`,
      {method: 'POST', body: file, headers: {'Content-Type': type}, signal});
    say('Coding …');
    await show(await answer.json(), signal);
  } catch (failure) {
    if (failure.name !== 'AbortError') {
      say(failure.message);
    }
  }
});
