/**
 * What the merchant's page does, and what an attacker's script in it would do: it hears every
 * message of the page, and keeps every port that the page is given.
 */
export const pageScript = `
if (location.hostname === '127.0.0.1') {
  window.heard = [];
  window.ports = [];
  window.events = [];
  const record = (how, data) => window.heard.push(how + ' ' + JSON.stringify(data));
  addEventListener('message', ({ data, ports }) => {
    record('window', data);
    window.handed = [...(window.handed ?? []), { data, ports }];
  }, true);
  const { prototype } = MessagePort;
  const post = prototype.postMessage;
  prototype.postMessage = function (data, ...rest) {
    record('sent', data);
    return post.call(this, data, ...rest);
  };
  const { get, set } = Object.getOwnPropertyDescriptor(prototype, 'onmessage');
  Object.defineProperty(prototype, 'onmessage', {
    get,
    set(listener) {
      window.ports.push(this);
      set.call(this, (event) => {
        record('port', event.data);
        listener.call(this, event);
      });
    },
  });
  window.mount = (key, kinds, { client, fields = {}, field = {} } = {}) => {
    window.fields = PayOS(key, client).fields(fields);
    window.mounted = {};
    return Promise.all(kinds.map((kind) => {
      const one = window.fields.create(kind, field);
      window.mounted[kind] = one;
      for (const name of ['ready', 'change', 'focus', 'blur', 'enter', 'error']) {
        one.on(name, (event) => window.events.push({ kind, name, event }));
      }
      one.mount('#' + kind);
      return new Promise((resolve) => {
        one.on('ready', () => resolve('ready'));
        one.on('error', ({ code }) => resolve(code));
      });
    }));
  };
}
`;
