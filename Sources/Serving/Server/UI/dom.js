// The page's only way to make elements. Whatever is shown becomes a text node or an attribute, never markup: there is nothing to escape.

const handlers = new WeakMap();

function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
}

function make(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === 'function') {
      element[name] = value;
      handlers.set(element, { ...handlers.get(element), [name]: value });
    } else if (name === 'style') {
      // through the object model: the content security policy refuses style attributes
      for (const [property, text] of Object.entries(value)) element.style.setProperty(property, text);
    } else if (name === 'value' || name === 'checked' || name === 'selected') {
      element[name] = value;
    } else {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  append(element, children);
  return element;
}

/** An HTML element: `h('a', {href: '#/', onclick: f}, 'text', otherElement)`. A `key` tells siblings apart when the page changes. */
export const h = (tag, attributes, ...children) => make(document.createElement(tag), attributes, children);

/** The same for SVG. */
export const s = (tag, attributes, ...children) =>
  make(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);

const keyOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node.getAttribute('key') : null);

/**
 * Makes `old` look like `fresh` with as few changes as possible, so that focus, selection, scrolling and opened details survive a refresh.
 * What people change themselves (a field's text, whether details are open) is left alone.
 */
export function morph(old, fresh) {
  if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName || keyOf(old) !== keyOf(fresh)) {
    old.replaceWith(fresh);
    return fresh;
  }
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return old;
  }
  for (const { name, value } of fresh.attributes) {
    if (name !== 'style' && name !== 'open' && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  for (const { name } of [...old.attributes]) {
    if (name !== 'style' && name !== 'open' && !fresh.hasAttribute(name)) old.removeAttribute(name);
  }
  if (old.style.cssText !== fresh.style.cssText) old.style.cssText = fresh.style.cssText;
  const now = handlers.get(fresh);
  for (const name of Object.keys(handlers.get(old) ?? {})) if (!now?.[name]) old[name] = null;
  if (now) {
    Object.assign(old, now);
    handlers.set(old, now);
  }
  morphChildren(old, fresh);
  return old;
}

function morphChildren(old, fresh) {
  const keyed = new Map();
  for (const child of old.childNodes) if (keyOf(child) !== null) keyed.set(keyOf(child), child);
  let cursor = old.firstChild;
  for (const child of [...fresh.childNodes]) {
    const key = keyOf(child);
    const match = key !== null ? keyed.get(key) : cursor && keyOf(cursor) === null ? cursor : null;
    if (!match) {
      old.insertBefore(child, cursor);
      continue;
    }
    if (match === cursor) cursor = cursor.nextSibling;
    else old.insertBefore(match, cursor);
    morph(match, child);
  }
  while (cursor) {
    const next = cursor.nextSibling;
    cursor.remove();
    cursor = next;
  }
}

/** Shows `children` in `container`, changing only what differs. */
export function show(container, ...children) {
  const fresh = container.cloneNode(false);
  append(fresh, children);
  morphChildren(container, fresh);
}
