// One page at a time: large arrows, the arrow keys, an address for each page. Without script all pages stand in a column.
var list = document.querySelector('.leaves'), leaves = list ? list.children : [];
var bars = document.querySelectorAll('.turn'), said = document.querySelector('.turn .at');
var now = 0;

function each(things, action) { Array.prototype.forEach.call(things, action); }

function wanted() {
  var found = /^#trang-([0-9]+)$/.exec(location.hash);
  return found ? Math.min(leaves.length, Math.max(1, Number(found[1]))) - 1 : 0;
}

function show(number) {
  now = Math.min(leaves.length - 1, Math.max(0, number));
  each(leaves, function (leaf, at) { leaf.hidden = at !== now; });
  each(document.querySelectorAll('[data-turn]'), function (button) {
    var end = button.getAttribute('data-turn') < 0 ? 0 : leaves.length - 1;
    button.setAttribute('aria-disabled', String(now === end));
  });
  said.textContent = list.getAttribute('data-said').replace('{number}', now + 1).replace('{count}', leaves.length);
  each([now - 1, now + 1], function (near) {  // so that the next page is there when one turns
    var picture = leaves[near] && leaves[near].querySelector('img');
    if (picture) { new Image().src = picture.src; }
  });
}

function turn(by) {
  var before = now;
  show(now + by);
  if (now === before) { return; }
  try { history.replaceState(null, '', '#trang-' + (now + 1)); } catch (error) { /* opened from a file */ }
  var top = bars[0].getBoundingClientRect().top;
  if (top < 0) { window.scrollBy(0, top); }
}

function onKey(event) {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
  if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) { return; }
  var by = { ArrowLeft: -1, ArrowRight: 1, PageUp: -1, PageDown: 1, Home: -leaves.length, End: leaves.length }[event.key];
  if (by) { event.preventDefault(); turn(by); }
}

if (leaves.length) {
  each(bars, function (bar) { bar.hidden = false; });
  each(document.querySelectorAll('[data-turn]'), function (button) {
    button.addEventListener('click', function () { turn(Number(button.getAttribute('data-turn'))); });
  });
  document.addEventListener('keydown', onKey);
  window.addEventListener('hashchange', function () { show(wanted()); });
  show(wanted());
}
