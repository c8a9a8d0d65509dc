import { readFile } from 'node:fs/promises';
import env from '@zazuko/env';
import jsonld from 'jsonld';
import { Parser, type Quad } from 'n3';
import SHACLValidator from 'rdf-validate-shacl';
import { sparqlViolations } from './case-sparql.ts';

const IMPORTS = 'http://www.w3.org/2002/07/owl#imports';
/** Evaluated apart: the validator does not know them. */
const SPARQL = 'http://www.w3.org/ns/shacl#sparql';
const SUBCLASS = 'http://www.w3.org/2000/01/rdf-schema#subClassOf';
/** `safe`: a name that expands to no IRI is an error, where JSON-LD would drop the property without a word. */
const SAFE: object = { format: 'application/n-quads', safe: true };

/** What a document of CASE/UCO breaks; empty where it conforms to the ontology's shapes (as case_validate looks at it). */
export async function caseViolations(ontology: string, document: object): Promise<string[]> {
  // The file holds all that it imports.
  const text = await readFile(ontology, 'utf8');
  const shapes = new Parser()
    .parse(text)
    .filter(({ predicate }) => predicate.value !== IMPORTS && predicate.value !== SPARQL);
  const nquads: unknown = await jsonld.toRDF(document, SAFE);
  const data: Quad[] = new Parser({ format: 'N-Quads' }).parse(String(nquads));
  const validator = new SHACLValidator(env.dataset(shapes), { factory: env });
  // Of the ontology, the data needs what its classes are kinds of.
  const classes = shapes.filter(({ predicate }) => predicate.value === SUBCLASS);
  const report = await validator.validate(env.dataset([...data, ...classes]));
  const broken = report.results
    .filter((one) => one.severity?.value.endsWith('Violation'))
    .map((one) => `${one.focusNode?.value} ${one.path?.value}: ${one.message.map((text) => text.value).join(' ')}`);
  return [...broken, ...sparqlViolations(text, String(nquads)).broken];
}
