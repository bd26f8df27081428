// Names of members: snake_case in records, camelCase in JavaScript. Values stay as they are.

/** The name that a member of a record has in JavaScript. */
export const toCamel = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
const toSnake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function rename(value, name) {
  if (Array.isArray(value)) return value.map((item) => rename(item, name));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, member]) => [name(key), rename(member, name)]);
  return Object.fromEntries(entries);
}

/** A record's members as JavaScript names them. */
export const camelCase = (value) => rename(value, toCamel);

/** Members as records name them. */
export const snakeCase = (value) => rename(value, toSnake);
