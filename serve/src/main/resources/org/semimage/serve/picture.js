const at = id => document.getElementById(id);
const {source, way, formats, least, most, width, height} = at('picture').dataset;
const stage = at('stage');
const sides = ['left', 'right'].map(name => ({name, image: at(name), format: at(`${name}-format`), tag: at(`${name}-tag`)}));
// What stands for the original is all that a SEM file itself holds.
NAMES.png = {cut: 'Whole file', whole: 'Plain picture'}[way] ?? NAMES.png;
const mask = {name: 'mask', image: at('mask')};

const isSem = side => side.format.value === 'sem';
const semSide = () => [...sides].reverse().find(isSem);
const bytes = () => way === 'whole' ? Number(most) : Math.round(least * (most / least) ** (at('rate').value / 1000));

function address(side) {
  const format = side.format.value;
  return `${source}?format=${format}${format === 'png' ? '' : `&bytes=${bytes()}`}${format === 'sem' ? `&fidelity=${at('fidelity').value}` : ''}`;
}

function place(percent) {
  at('divider').value = percent;
  stage.style.setProperty('--at', `${percent}%`);
}

function say(text) {
  at('status').textContent = text;
}

// Shows what is at an address; what was asked for before is given up, which ends the server's work on it.
async function show(side, url) {
  if (side.url === url) {
    return side.done;
  }
  side.url = url;
  side.asked?.abort();
  side.asked = new AbortController();
  side.image.classList.add('old');
  side.done = fill(side, url);
  side.done.catch(() => {
    side.url = side.url === url ? null : side.url;
  });
  return side.done;
}

async function fill(side, url) {
  const response = await load(url, {signal: side.asked.signal});
  const blob = await response.blob();
  URL.revokeObjectURL(side.image.src);
  side.image.src = URL.createObjectURL(blob);
  await side.image.decode();
  side.image.classList.remove('old');
  return response;
}

function row(side, response) {
  const now = figures(response);
  const cells = [NAMES[side.format.value], ...side.format.value === 'png' ? ['', '', '', ''] : [inBytes(now.bytes),
    bitsPerPixel(now.bytes, now.width, now.height), inMillis(now.encode), inMillis(now.decode)]];
  at(`${side.name}-figures`).replaceChildren(...cells.map((text, i) => element(i ? 'td' : 'th', text)));
}

async function refreshSide(side) {
  side.tag.textContent = NAMES[side.format.value];
  try {
    row(side, await show(side, address(side)));
  } catch (failure) {
    if (failure.name !== 'AbortError') {
      side.image.removeAttribute('src');
      at(`${side.name}-figures`).replaceChildren(element('th', NAMES[side.format.value]));
      throw failure;
    }
  }
}

async function refreshMask() {
  const side = semSide();
  mask.image.hidden = !at('show-mask').checked || !side;
  if (mask.image.hidden) {
    return '';
  }
  mask.image.className = side.name;
  const response = await show(mask, address(side).replace(/&fidelity=.*/, '&show=mask'));
  const part = Number(response.headers.get('Sem-Synthesized'));
  return part === 1 ? 'All pixels are synthesized.' : `${(100 * part).toFixed(1)} % of the pixels are synthesized.`;
}

async function refreshTexts() {
  const side = semSide();
  const facts = side ? await (await load(address(side).replace(/&fidelity=.*/, '&show=text'))).json() : null;
  at('profile').textContent = facts ? `Profile ${facts.profile}` : '';
  at('texts').replaceChildren(...facts ? texts(facts) : []);
}

async function refresh() {
  say('Coding …');
  at('fidelity').disabled = at('show-mask').disabled = !semSide();
  const coded = await Promise.allSettled(sides.map(refreshSide));
  const rest = await Promise.allSettled([refreshMask(), refreshTexts()]);
  const failures = [...coded, ...rest].filter(one => one.status === 'rejected').map(one => one.reason);
  if (!failures.some(failure => failure.name === 'AbortError')) {
    say(failures[0]?.message ?? rest[0].value);
  }
}

function label() {
  at('rate-text').textContent = inBytes(bytes());
  at('fidelity-text').textContent = at('fidelity').value;
}

let waiting;
function soon() {
  label();
  clearTimeout(waiting);
  waiting = setTimeout(refresh, 250);
}

for (const side of sides) {
  const last = side.name === 'left' ? 'png' : 'sem';
  side.format.append(...formats.split(' ').map(format => new Option(NAMES[format], format, false, format === last)));
  side.format.addEventListener('change', refresh);
}
at('rate').addEventListener('input', soon);
at('fidelity').addEventListener('input', soon);
at('show-mask').addEventListener('change', refresh);
at('divider').addEventListener('input', event => place(event.target.value));
stage.addEventListener('pointerdown', event => {
  stage.setPointerCapture(event.pointerId);
  at('divider').focus({focusVisible: false});
});
for (const type of ['pointerdown', 'pointermove']) {
  stage.addEventListener(type, event => {
    if (stage.hasPointerCapture(event.pointerId)) {
      const box = stage.getBoundingClientRect();
      place(Math.min(100, Math.max(0, 100 * (event.clientX - box.left) / box.width)));
    }
  });
}
addEventListener('keydown', event => {
  if (event.key === 'Escape') {
    location.href = '../';
  }
});
stage.style.aspectRatio = `${width} / ${height}`;
stage.style.maxWidth = `min(100%, ${Math.max(Number(width), 480)}px, calc(66vh * ${width / height}))`;
at('rate').closest('label').hidden = way === 'whole';
place(50);
label();
refresh();
