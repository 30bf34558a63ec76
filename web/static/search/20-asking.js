// ---- Loading: each file calls back with what it has ----
const come = { tu: {}, bai: {}, dem: {} };
window.timKiem = {
  tu: (number, words) => { come.tu[number] = words; },
  bai: (number, article) => { come.bai[number] = article; },
  dem: (count, facts) => { come.dem[0] = [count, facts.articles]; }
};
const loading = {};
function load(kind, number, path) {
  if (!loading[path]) {
    loading[path] = new Promise((resolve, reject) => {
      const script = document.createElement('script');
      script.src = base + 'tim-kiem/' + path;
      script.onload = () => resolve(come[kind][number]);
      script.onerror = reject;
      document.head.appendChild(script);
    });
  }
  return loading[path];
}
const shard = (key) => { const number = shardOf(key, come.dem[0][0]); return load('tu', number, 'k/' + number + '.js').then((words) => unpack(words[key] || '')); };
const article = (number) => load('bai', number, 'a/' + number + '.js');
function both(lists) {
  return lists.reduce((found, list) => { const has = {}; list.forEach((each) => { has[each] = true; }); return found.filter((each) => has[each]); });
}

// ---- Pairs of neighbours first; where they give too little, the words by themselves ----
const wanted = wordsOf(question).slice(0, 12), ENOUGH = 10;
function numbers() {
  const pairs = wanted.slice(1).map((word, at) => wanted[at] + ' ' + word);
  const near = pairs.length ? Promise.all(pairs.map(shard)).then(both) : Promise.resolve([]);
  return near.then((found) => {
    const newest = found.reverse();
    if (newest.length >= ENOUGH) { return newest; }
    return Promise.all(wanted.map(shard)).then(both).then((rest) => newest.concat(rest.reverse().filter((each) => newest.indexOf(each) < 0)));
  });
}

// ---- Showing ----
const make = (tag, text, name) => { const element = document.createElement(tag); if (text) { element.textContent = text; } if (name) { element.className = name; } return element; };
const isVietnamese = index.language === 'vi';
function lengthOf(ms) {
  const whole = Math.max(0, Math.round(ms / 1000)), minutes = Math.floor(whole / 60);
  return (minutes ? minutes + ' ' + t('phút') + ' ' : '') + (whole % 60) + ' ' + t('giây');
}
function best(found) { // the three sentences that answer best
  const accents = question.toLowerCase();
  return found.lines.map((line, at) => {
    const have = wordsOf(line[2]), hits = wanted.filter((word) => have.indexOf(word) >= 0).length;
    const said = ' ' + have.join(' ') + ' ', near = wanted.filter((word, place) => place && said.indexOf(' ' + wanted[place - 1] + ' ' + word + ' ') >= 0).length;
    return { line: line, at: at, worth: hits + near + (line[2].toLowerCase().indexOf(accents) >= 0 ? 1 : 0), hits: hits };
  }).filter((each) => each.hits).sort((a, b) => b.worth - a.worth || a.at - b.at).slice(0, 3);
}
function marked(text) {
  const row = make('p'), folded = fold(text), plain = text.normalize('NFC');
  let at = 0;
  cut(folded).forEach((span) => {
    if (wanted.indexOf(folded.slice(span[0], span[1])) < 0) { return; }
    row.appendChild(document.createTextNode(plain.slice(at, span[0])));
    row.appendChild(make('mark', plain.slice(span[0], span[1])));
    at = span[1];
  });
  row.appendChild(document.createTextNode(plain.slice(at)));
  if (!isVietnamese) { row.lang = 'vi'; }
  return row;
}
function shownArticle(found, lines) {
  const item = make('li'), heading = make('h3'), title = make('a', found.title), page = base + (isVietnamese ? '' : index.language + '/') + found.page;
  const day = found.date.split('-').map(Number);
  title.href = page;
  heading.appendChild(title);
  if (!isVietnamese) { heading.lang = 'vi'; }
  item.appendChild(heading);
  item.appendChild(make('p', t('Bản tin số') + ' ' + found.number + ' · ' + day[2] + '/' + day[1] + '/' + day[0], 'about'));
  lines.forEach((each) => {
    item.appendChild(marked(each.line[2]));
    if (each.line[1] < 0) { return; }
    const row = make('p'), link = make('a', '▶ ' + t('Nghe từ đây') + ' ', 'button');
    link.href = page + '?nghe#' + each.line[0];
    link.appendChild(make('small', '(' + lengthOf(each.line[1] - found.start) + ')'));
    row.appendChild(link);
    item.appendChild(row);
  });
  return item;
}
function show(found, from) {
  const list = one('.results'), some = found.slice(from, from + ENOUGH);
  return Promise.all(some.map(article)).then((articles) => {
    const rows = articles.map((each) => ({ article: each, lines: best(each) })).filter((each) => each.lines.length);
    if (!from) { rows.sort((a, b) => b.lines[0].worth - a.lines[0].worth); }
    rows.forEach((each) => list.appendChild(shownArticle(each.article, each.lines)));
    const more = one('.more');
    if (more) { more.parentNode.removeChild(more); }
    if (from + ENOUGH >= found.length) { return; }
    const button = make('button', t('Xem thêm'), 'button more');
    button.type = 'button';
    button.addEventListener('click', () => show(found, from + ENOUGH));
    section.appendChild(button);
  });
}
function head(words, advice) {
  const heading = one('#ket-qua');
  heading.textContent = words;
  section.hidden = false;
  if (advice) { section.insertBefore(make('p', advice, 'notice'), one('.results')); }
  heading.focus();
}

one('#tim-gi').value = question;
if (!wanted.length) { return; }
load('dem', 0, 'dem.js').then(numbers).then((found) => {
  if (!found.length) { head(t('Không tìm thấy'), t('Thử gõ ít chữ hơn, hoặc không dấu. Hoặc chọn một số ở dưới.')); return null; }
  return show(found, 0).then(() => head(t('Tìm thấy ở') + ' ' + found.length + ' ' + t('bài')));
}).catch(() => head(t('Chưa tìm được'), t('Kiểm tra mạng rồi bấm Tìm lại.')));
