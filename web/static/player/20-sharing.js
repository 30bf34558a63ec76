// ---- Passing an address or a piece of code on ----
const shared = one('.shared');
const tell = (text) => { if (shared) { shared.textContent = text; } };
function copy(text) {
  const done = () => tell(t('Đã chép. Dán vào nơi muốn gửi.'));
  const failed = () => tell(t('Máy không cho chép. Xin chép bằng tay:') + ' ' + text);
  if (navigator.clipboard && navigator.clipboard.writeText) { navigator.clipboard.writeText(text).then(done, failed); return; }
  const field = document.createElement('textarea');
  field.value = text;
  document.body.appendChild(field);
  field.select();
  let copied = false;
  try { copied = document.execCommand('copy'); } catch (error) { copied = false; }
  document.body.removeChild(field);
  if (copied) { done(); } else { failed(); }
}
on('[data-do=copy]', 'click', (event) => {
  const from = event.currentTarget.getAttribute('data-from');
  copy(from ? document.getElementById(from).value : event.currentTarget.getAttribute('data-address'));
});
reveal('[data-do=copy]');
if (navigator.share) {
  all('[data-do=share]').forEach((each) => {
    const address = one('[data-do=copy]').getAttribute('data-address');
    each.hidden = false;
    each.addEventListener('click', () => navigator.share({ title: document.title, url: address }).catch(() => {}));
  });
}
