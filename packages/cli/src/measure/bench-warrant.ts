/** An invented authority that allows everything a bench makes. */
export const BENCH_WARRANT: string = JSON.stringify({
  id: 'W-BENCH',
  reference: 'for measuring (invented)',
  issuedBy: 'nobody (invented)',
  jurisdiction: 'DE',
  legalBasis: 'an invented order for measuring',
  validFrom: '2020-01-01T00:00:00Z',
  validTo: '2099-12-31T00:00:00Z',
  scope: { period: { from: '2000-01-01T00:00:00Z', to: '2099-12-31T00:00:00Z' }, platforms: ['envelope', 'whatsapp'] },
});
