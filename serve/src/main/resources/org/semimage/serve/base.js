const NAMES = {png: 'Original', sem: 'SEM', transform: 'Transform', descriptor: 'Descriptor', caption: 'Caption', lossless: 'Lossless',
  jpeg: 'JPEG', webp: 'WebP', avif: 'AVIF'};
const whole = new Intl.NumberFormat('en');
const inBytes = bytes => bytes < 10000 ? `${whole.format(bytes)} bytes` : `${whole.format(Math.round(bytes / 1000))} kB`;
const inMillis = millis => millis ? `${whole.format(Math.round(millis))} ms` : '';
const bitsPerPixel = (bytes, width, height) => (8 * bytes / width / height).toPrecision(3);

// A server that is busy says when to ask again.
async function load(url, settings) {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(url, settings);
    if (response.ok) {
      return response;
    }
    if (response.status !== 503 || attempt === 10) {
      throw new Error((await response.text()).trim());
    }
    await new Promise(resolve => setTimeout(resolve, 1000 * (response.headers.get('Retry-After') || 1)));
    settings?.signal?.throwIfAborted();
  }
}

function figures(response) {
  const [width, height] = response.headers.get('Sem-Pixels').split('x').map(Number);
  const times = response.headers.get('Server-Timing') || '';
  const time = name => Number((times.match(`${name};dur=([0-9.]+)`) || [])[1]);
  return {width, height, bytes: Number(response.headers.get('Sem-Bytes')), encode: time('encode'), decode: time('decode')};
}

function element(name, text, type) {
  const made = document.createElement(name);
  made.textContent = text ?? '';
  if (type) {
    made.className = type;
  }
  return made;
}

// What a file says in words and numbers.
function texts(facts) {
  const made = [];
  if (facts.caption) {
    made.push(element('p', `“${facts.caption}”`));
  }
  if (facts.palette.length) {
    const palette = element('ul', '', 'palette');
    palette.setAttribute('aria-label', 'Palette');
    for (const colour of facts.palette) {
      const [red, green, blue] = [1, 3, 5].map(i => parseInt(colour.slice(i, i + 2), 16));
      const swatch = element('li', colour, 3 * red + 6 * green + blue > 1300 ? 'light' : '');
      swatch.style.setProperty('--swatch', colour);
      palette.append(swatch);
    }
    made.push(element('p', `${facts.layout} amplitudes of the layout, ${facts.texture} coefficients of the texture`), palette);
  }
  return made;
}
