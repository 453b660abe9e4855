/**
 * The pages work without any of this. An element that asks for more names its module: `<form data-module="send-once">`.
 * A module is a file beside this one whose default export takes the element. Only names on this list are ever loaded.
 */
const MODULES = new Set(['send-once', 'session-end', 'leave', 'unsaved', 'languages', 'upload', 'work', 'keys', 'sentences']);

for (const element of document.querySelectorAll('[data-module]')) {
  for (const name of element.dataset.module.split(' ')) {
    if (MODULES.has(name)) import(`./${name}.js`).then((module) => module.default(element));
  }
}
