addEventListener('keydown', event => {
  const links = [...document.querySelectorAll('a.picture')];
  const at = links.indexOf(document.activeElement);
  const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
  const next = {Home: 0, End: links.length - 1}[event.key] ?? (step && (at < 0 ? 0 : at + step));
  if (links[next] && !event.ctrlKey && !event.altKey && !event.metaKey) {
    links[next].focus();
    event.preventDefault();
  }
});
