/**
 * All that decides access, as SQL to be committed and read in a review: the same text from the same schema, whichever PostgreSQL (15 to 18) and
 * owner it has; another text when anything of it differs. It is not meant to be run.
 */
import pg from 'pg';
import { mainOwner, type Access, type AccessFunction, type Comment, type Domain, type Role } from './access.ts';
import { identifier, printDefaults, printGrants } from './print-grants.ts';
import { printRelation } from './print-relation.ts';

/**
 * Prints it.
 * @param command what renews the file, for its first lines
 * @param varying functions that a migration makes differently for each version of PostgreSQL: their bodies are left out
 */
export function printSnapshot(access: Access, command: string, varying: readonly string[] = []): string {
  const owner = mainOwner(access);
  const header = `/*\n * Who may do what, as the migrations leave it. Made by "${command}": not to be edited.\n */`;
  const blocks = [
    ...byName(access.roles).map(printRole),
    printDefaults(access.defaults, owner),
    ...granted('schema', access),
    ...granted('type', access),
    ...byName(access.domains).map((domain) => printDomain(domain, owner)),
    ...byName(access.relations).map((relation) => printRelation(relation, access, owner)),
    ...byName(access.functions).map((one) => printFunction(one, access, owner, varying.includes(one.name))),
    access.comments.map(printComment).toSorted().join('\n'),
  ];
  return `${[header, ...blocks.filter((block) => block !== '')].join('\n\n')}\n`;
}

const byName = <Named extends { name: string }>(things: readonly Named[]): Named[] =>
  things.toSorted((a, b) => (a.name < b.name ? -1 : 1));

const paragraph = (title: string, lines: readonly string[]): string => [`/* ${title} */`, ...lines].join('\n');

/** Schemas and types of which nothing else is said. */
const granted = (kind: 'schema' | 'type', access: Access): string[] =>
  [...new Set(access.grants.filter((grant) => grant.kind === kind).map(({ object }) => object))]
    .toSorted()
    .map((object) => paragraph(`${kind} ${object}`, printGrants(kind, object, access)));

function printRole(role: Role): string {
  const name = identifier(role.name);
  const attributes = [
    role.superuser ? 'superuser' : 'nosuperuser',
    role.bypassRls ? 'bypassrls' : 'nobypassrls',
    role.login ? 'login' : 'nologin',
    role.inherit ? 'inherit' : 'noinherit',
    role.createRole ? 'createrole' : 'nocreaterole',
    role.createDatabase ? 'createdb' : 'nocreatedb',
    role.replication ? 'replication' : 'noreplication',
  ];
  return paragraph(`role ${role.name}`, [
    `alter role ${name} ${attributes.join(' ')};`,
    ...role.settings.toSorted().map((setting) => `alter role ${name} set ${setting};`),
    ...role.memberOf
      .toSorted((a, b) => (a.role < b.role ? -1 : 1))
      .map(
        ({ role: of, inherit, set, admin }) =>
          `grant ${identifier(of)} to ${name} with inherit ${inherit}, set ${set}, admin ${admin};`,
      ),
  ]);
}

function printDomain(domain: Domain, owner: string | undefined): string {
  const says = [
    `create domain ${domain.name} as ${domain.type}`,
    ...(domain.default === null ? [] : [`default ${domain.default}`]),
    ...(domain.notNull ? ['not null'] : []),
    ...domain.constraints,
  ];
  return paragraph(`domain ${domain.name}`, [
    `${says.join(' ')};`,
    ...(domain.owner === owner ? [] : [`alter domain ${domain.name} owner to ${identifier(domain.owner)};`]),
  ]);
}

function printFunction(one: AccessFunction, access: Access, owner: string | undefined, varies: boolean): string {
  const definition = varies
    ? one.definition.replace(one.body, () => '/* depends on the version of PostgreSQL */')
    : one.definition;
  return paragraph(`${one.kind} ${one.name}`, [
    `${definition.trimEnd()};`,
    ...(one.owner === owner ? [] : [`alter ${one.kind} ${one.name} owner to ${identifier(one.owner)};`]),
    ...printGrants('function', one.name, access),
  ]);
}

const printComment = ({ kind, object, comment }: Comment): string =>
  `comment on ${kind} ${object} is ${pg.escapeLiteral(comment)};`;
