import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

interface Listed { subject: string; when: string; details: Record<string, string> }
interface Written { file: string; action: string; subject: string | null; details: string[] }

const SRC = new URL('../../../src/', import.meta.url).pathname;
const { actions } = JSON.parse(readFileSync(join(SRC, 'modules/audit/actions.json'), 'utf8')) as { actions: Record<string, Listed> };

const propertyOf = (literal: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined =>
  literal.properties.filter(ts.isPropertyAssignment).find((property) => property.name.getText() === name)?.initializer;

/** What a call of `recordAudit` with a literal event says. */
function eventOf(file: string, call: ts.CallExpression): Written {
  const event = call.arguments[1];
  if (!event || !ts.isObjectLiteralExpression(event)) throw new Error(`${file}: an event of the audit record is written out where it is recorded`);
  const action = propertyOf(event, 'action');
  if (!action || !ts.isStringLiteral(action)) throw new Error(`${file}: the action of an event is a literal`);
  const subject = propertyOf(event, 'subject');
  const type = subject && ts.isObjectLiteralExpression(subject) ? propertyOf(subject, 'type') : undefined;
  const details = propertyOf(event, 'details');
  const names = details && ts.isObjectLiteralExpression(details)
    ? details.properties.flatMap((property) => (ts.isSpreadAssignment(property) ? [] : [property.name.getText()])) : [];
  return { file, action: action.text, subject: type && ts.isStringLiteral(type) ? type.text : null, details: names };
}

function written(): Written[] {
  const found: Written[] = [];
  for (const name of readdirSync(SRC, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts')) continue;
    const text = readFileSync(join(SRC, name), 'utf8');
    if (!text.includes('recordAudit(')) continue;
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && node.expression.getText() === 'recordAudit') found.push(eventOf(name, node));
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true));
  }
  return found;
}

describe('the published list of audit events', () => {
  const events = written();

  it('names every action that is recorded anywhere, its subject and its details', () => {
    const unlisted = events.filter(({ action, subject, details }) => {
      const listed = actions[action];
      return !listed || (subject !== null && subject !== listed.subject) || details.some((name) => !(name in listed.details));
    });
    expect(unlisted).toEqual([]);
  });

  it('names no action that nobody records', () => {
    const recorded = new Set(events.map((event) => event.action));
    expect(Object.keys(actions).filter((action) => !recorded.has(action))).toEqual([]);
  });

  it('says of each when it is written, in alphabetical order', () => {
    expect(Object.keys(actions)).toEqual(Object.keys(actions).sort());
    for (const listed of Object.values(actions)) expect(listed.when).toMatch(/\.$/);
  });
});
