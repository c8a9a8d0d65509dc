import { Store, type Term } from 'oxigraph';

const PREFIXES = `PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>`;
const CONSTRAINTS = `${PREFIXES}
SELECT ?select ?message ?class ?subjectsOf ?objectsOf WHERE {
  ?shape sh:sparql ?constraint .
  ?constraint sh:select ?select ; sh:message ?message .
  OPTIONAL { ?shape sh:targetClass ?class }
  OPTIONAL { ?shape sh:targetSubjectsOf ?subjectsOf }
  OPTIONAL { ?shape sh:targetObjectsOf ?objectsOf }
}`;

type Row = ReadonlyMap<string, Term>;

/**
 * What data breaks of the constraints in SPARQL that an ontology sets (SHACL section 5), of every severity. A constraint
 * is asked of all nodes and its answers are kept for the nodes that its shape targets, which is what binding each node
 * beforehand gives for queries that group by it.
 */
export function sparqlViolations(ontology: string, nquads: string): { broken: string[]; constraints: number } {
  const store = new Store();
  store.load(ontology, { format: 'text/turtle' });
  store.load(nquads, { format: 'application/n-quads' });
  const constraints = store.query(CONSTRAINTS) as Row[];
  const broken = constraints.flatMap((constraint) => {
    const focus = new Set(rows(store, targetQuery(constraint)).map((row) => String(row.get('this'))));
    const select = text(constraint, 'select').replaceAll('GROUP BY ?value', 'GROUP BY $this ?value');
    // One of them leaves its prefixes to the file that it stands in.
    return rows(store, `${PREFIXES}\n${select}`)
      .map((row) => String(row.get('this')))
      .filter((node) => focus.has(node))
      .map((node) => `${node}: ${text(constraint, 'message')}`);
  });
  return { broken, constraints: constraints.length };
}

/** Nodes that a shape targets: all instances of a class, or what stands on one side of a property. */
function targetQuery(constraint: Row): string {
  const [one, subjects, objects] = ['class', 'subjectsOf', 'objectsOf'].map((name) => constraint.get(name)?.value);
  if (one !== undefined) return `${PREFIXES} SELECT ?this WHERE { ?this rdf:type/rdfs:subClassOf* <${one}> }`;
  if (subjects !== undefined) return `SELECT ?this WHERE { ?this <${subjects}> ?any }`;
  return `SELECT ?this WHERE { ?any <${objects}> ?this }`;
}

function rows(store: Store, query: string): Row[] {
  return store.query(query) as Row[];
}

function text(row: Row, name: string): string {
  return row.get(name)?.value ?? '';
}
