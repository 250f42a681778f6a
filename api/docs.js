// Lists the operations of openapi.json, each with a form that sends it. Text is only ever set as text.
'use strict';

const make = (tag, attributes = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), attributes);
  element.append(...children);
  return element;
};

const resolve = (spec, schema) =>
  schema && schema.$ref ? spec.components.schemas[schema.$ref.split('/').pop()] : schema || {};

// sample is a value that fits a schema, as a start for the body.
const sample = (spec, schema, depth = 0) => {
  schema = resolve(spec, schema);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (schema.enum) return schema.enum[0];
  if (type === 'object') {
    const value = {};
    for (const [name, property] of Object.entries(schema.properties || {})) {
      if (depth < 4) value[name] = sample(spec, property, depth + 1);
    }
    return value;
  }
  if (type === 'array') return depth < 4 ? [sample(spec, schema.items, depth + 1)] : [];
  if (type === 'integer' || type === 'number') return schema.minimum || 0;
  if (type === 'boolean') return false;
  return '';
};

const field = (parameter) => {
  const schema = parameter.schema || {};
  let input;
  if (schema.enum) {
    input = make('select', {}, make('option', { value: '' }, '—'), ...schema.enum.map((v) => make('option', { value: v }, v)));
  } else if (schema.type === 'boolean') {
    input = make('select', {}, ...['', 'true', 'false'].map((v) => make('option', { value: v }, v || '—')));
  } else {
    input = make('input', { value: schema.default === undefined ? '' : schema.default });
  }
  input.required = Boolean(parameter.required);
  const label = make('label', {}, make('code', {}, parameter.name), make('small', {}, parameter.description || ''), input);
  return { parameter, input, label };
};

// bodyField is the part of the form for the request body, and how it is sent.
const bodyField = (spec, requestBody) => {
  const content = (requestBody || {}).content || {};
  if (content['multipart/form-data']) {
    const input = make('input', { type: 'file', multiple: true, required: true });
    return {
      label: make('label', {}, make('code', {}, 'file'), input),
      send: () => {
        const data = new FormData();
        for (const file of input.files) data.append('file', file);
        return { body: data };
      },
    };
  }
  if (content['application/json']) {
    const start = JSON.stringify(sample(spec, content['application/json'].schema), null, 2);
    const input = make('textarea', { value: start, rows: Math.min(24, start.split('\n').length + 1), spellcheck: false });
    return {
      label: make('label', {}, make('code', {}, 'body'), input),
      send: () => ({ body: input.value, headers: { 'Content-Type': 'application/json' } }),
    };
  }
  return null;
};

const show = async (output, response) => {
  const type = response.headers.get('Content-Type') || '';
  output.replaceChildren(make('p', {}, `${response.status} ${response.statusText} ${type}`));
  if (type.includes('json')) {
    output.append(make('pre', {}, JSON.stringify(await response.json(), null, 2)));
  } else if (type.startsWith('text/event-stream')) {
    const pre = make('pre');
    output.append(pre);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) pre.append(part.value);
  } else if (type.startsWith('image/')) {
    output.append(make('img', { src: URL.createObjectURL(await response.blob()), alt: '' }));
  } else if (type.startsWith('text/')) {
    output.append(make('pre', {}, await response.text()));
  } else if (response.status !== 204) {
    const url = URL.createObjectURL(await response.blob());
    output.append(make('a', { href: url, download: 'pingyi' }, '下载 download'));
  }
};

const request = async (method, path, fields, body) => {
  let url = path;
  const query = new URLSearchParams();
  for (const { parameter, input } of fields) {
    if (parameter.in === 'path') url = url.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
    if (parameter.in === 'query' && input.value !== '') query.set(parameter.name, input.value);
  }
  const options = { method, credentials: 'same-origin', ...(body ? body.send() : {}) };
  options.headers = { ...(options.headers || {}), 'Accept-Language': document.getElementById('language').value };
  return fetch(query.size ? `${url}?${query}` : url, options);
};

const operation = (spec, method, path, op) => {
  const fields = (op.parameters || []).filter((p) => p.in !== 'header').map(field);
  const body = bodyField(spec, op.requestBody);
  const output = make('div', { ariaLive: 'polite' });
  const form = make('form', {}, make('p', {}, op.description || ''), ...fields.map((f) => f.label));
  if (body) form.append(body.label);
  form.append(make('button', {}, '发送 send'), output);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    output.replaceChildren('…');
    try {
      await show(output, await request(method.toUpperCase(), path, fields, body));
    } catch (error) {
      output.replaceChildren(make('p', {}, String(error)));
    }
  });
  const details = make('details', {}, make('summary', {},
    make('span', { className: 'method' }, method.toUpperCase()), make('code', {}, path), op.summary || ''), form);
  details.dataset.text = `${method} ${path} ${op.operationId} ${op.summary}`.toLowerCase();
  return details;
};

const list = (spec) => {
  document.getElementById('about').textContent = `${spec.info.description} (${spec.info.version})`;
  const groups = new Map();
  for (const { name, description } of spec.tags) {
    groups.set(name, make('section', {}, make('h2', {}, `${description} ${name}`)));
  }
  for (const [path, methods] of Object.entries(spec.paths)) {
    for (const [method, op] of Object.entries(methods)) {
      groups.get(op.tags[0]).append(operation(spec, method, path, op));
    }
  }
  document.getElementById('operations').replaceChildren(...groups.values());
};

document.getElementById('filter').addEventListener('input', (event) => {
  const wanted = event.target.value.toLowerCase();
  for (const details of document.querySelectorAll('details')) details.hidden = !details.dataset.text.includes(wanted);
});

fetch('/api/v1/openapi.json').then((r) => r.json()).then(list).catch((error) => {
  document.getElementById('about').textContent = String(error);
});
