/**
 * A TypeDoc plugin that makes the reference say what a caller passes and gets, instead of how the tables are typed:
 * `RecordOf<{ uuid: Codec<string> }>` is `{ uuid: string }`, and a class lists its own methods, not its ancestors'.
 */
import {
  Converter,
  DeclarationReflection,
  ReferenceType,
  ReflectionFlag,
  SignatureReflection,
} from 'typedoc';

/** @param {import('typedoc').Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const reflection of Object.values(project.reflections)) {
      if (reflection instanceof DeclarationReflection) {
        if (isAncestral(reflection)) project.removeReflection(reflection);
        else if (reflection.extendedTypes) reflection.extendedTypes = reflection.extendedTypes.map(named);
      }
    }
    for (const reflection of Object.values(project.reflections)) {
      if (!(reflection instanceof DeclarationReflection || reflection instanceof SignatureReflection))
        continue;
      if (reflection.type !== undefined) reflection.type = plain(reflection.type, project);
    }
  });
}

/**
 * True for methods and accessors of an ancestor. Its properties stay: they are the document's attributes.
 *
 * @param {DeclarationReflection} reflection
 */
function isAncestral({ inheritedFrom, signatures, getSignature }) {
  return inheritedFrom !== undefined && (signatures ?? getSignature) !== undefined;
}

/**
 * A class made by `withFields` extends an intersection, whose second half it lists as its properties.
 *
 * @param {import('typedoc').SomeType} type
 */
function named(type) {
  return type.type === 'intersection' ? (type.types[0] ?? type) : type;
}

/**
 * @param {import('typedoc').SomeType} type
 * @param {import('typedoc').ProjectReflection} project
 * @returns {import('typedoc').SomeType}
 */
function plain(type, project) {
  const inner = (/** @type {import('typedoc').SomeType} */ part) => plain(part, project);
  const known = type.visit({
    reference(reference) {
      const [first] = reference.typeArguments ?? [];
      if (reference.name === 'Codec' && first !== undefined) return inner(first);
      if (reference.name === 'RecordOf' && first?.type === 'reflection') return record(first, project);
      if (reference.typeArguments !== undefined) reference.typeArguments = reference.typeArguments.map(inner);
      return reference;
    },
    union(union) {
      union.types = union.types.map(inner);
      return union;
    },
    array: (array) => list('Array', inner(array.elementType), project),
    typeOperator: ({ target }) =>
      target.type === 'array' ? list('ReadonlyArray', inner(target.elementType), project) : null,
  });
  return known ?? type;
}

/**
 * The Markdown writer calls every `{ … }[]` an `object[]`, but spells out what a named type is made of.
 *
 * @param {'Array' | 'ReadonlyArray'} name
 * @param {import('typedoc').SomeType} element
 * @param {import('typedoc').ProjectReflection} project
 */
function list(name, element, project) {
  if (element.type !== 'reflection') return null;
  const type = ReferenceType.createBrokenReference(name, project, 'typescript');
  type.typeArguments = [element];
  return type;
}

/**
 * What may be undefined may be left out; what can only be undefined is the protocol's affair.
 *
 * @param {import('typedoc').ReflectionType} type
 * @param {import('typedoc').ProjectReflection} project
 */
function record(type, project) {
  for (const field of type.declaration.children?.slice() ?? []) {
    const value = field.type === undefined ? undefined : plain(field.type, project);
    if (value === undefined || isUndefined(value)) {
      project.removeReflection(field);
      continue;
    }
    field.type = value;
    if (value.type !== 'union' || !value.types.some(isUndefined)) continue;
    field.setFlag(ReflectionFlag.Optional, true);
    value.types = value.types.filter((part) => !isUndefined(part));
    if (value.types.length === 1) field.type = value.types[0] ?? value;
  }
  return type;
}

/** @param {import('typedoc').SomeType} type */
function isUndefined(type) {
  return type.type === 'intrinsic' && type.name === 'undefined';
}
