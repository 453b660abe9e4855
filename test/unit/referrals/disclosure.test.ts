import type { SupportCase } from '../../../src/modules/cases/index.ts';
import { sealPacket } from '../../../src/modules/referrals/packets/compose-packet.ts';
import { anObligee, aChild } from '../../support/cases/builders.ts';
import { SEALED_AT, aMexicanCase, aSigner, assembled, packetOf } from '../../support/referrals/packets.ts';
import { inflatedBytes, readPdf } from '../../support/referrals/pdf-text.ts';

// Each stands nowhere else; all of them tell where the protected persons are, or came from restricted federal data.
const SECRETS = {
  street: 'Callejón Secreto 77', colonia: 'Colonia Oculta', town: 'Villaescondida', region: 'Estado Callado', postcode: '99887', phone: '+52 777 555 0177',
  email: 'escondida@example.org', employer: 'Fábrica Silenciosa', clabe: '032180000118359719', curp: 'LERR830218MJCNMS34', birth: 'Ciudad Natal Reservada', alias: 'Nombrenuevo',
  childTown: 'Pueblo Mudo', fplsStreet: '4711 Federal Locator Road', irsEmployer: 'Withheld Tax Source Inc', unsourced: 'Sinfuente Street 5', ssn: '919-07-3588', basis: 'family_violence_indicator',
};

function aProtectedCase(): SupportCase {
  const base = aMexicanCase();
  const [obligor] = base.participants;
  if (!obligor) throw new Error('no obligor');
  return {
    ...base,
    participants: [
      { ...obligor, employer: { name: SECRETS.irsEmployer, source: 'irs' }, identifiers: [{ type: 'SSN', value: SECRETS.ssn, country: 'US', source: 'party' }] },
      anObligee({
        name: { given: 'Rosa María', family: 'León', aliases: [SECRETS.alias] }, birthDate: '1983-02-18', birthPlace: SECRETS.birth,
        residence: { country: 'MX', lines: [SECRETS.street], neighborhood: SECRETS.colonia, locality: SECRETS.town, region: SECRETS.region, postalCode: SECRETS.postcode, source: 'party' },
        phones: [SECRETS.phone], emails: [SECRETS.email], employer: { name: SECRETS.employer, source: 'party' }, accounts: [{ kind: 'CLABE', value: SECRETS.clabe }],
        identifiers: [{ type: 'CURP', value: SECRETS.curp, country: 'MX', source: 'party' }], nondisclosure: { basis: 'family_violence_indicator', on: '2024-05-01' },
      }),
      aChild({ birthPlace: SECRETS.childTown, livesWith: 'P2', residence: { country: 'MX', lines: [SECRETS.street], locality: SECRETS.town, source: 'party' } }),
    ],
  };
}

/** Everything that anyone could read in a packet: its raw and inflated bytes, its text, what it says of itself. */
async function everythingIn(supportCase: SupportCase): Promise<string> {
  const { signer } = await aSigner();
  const packet = packetOf(supportCase);
  const container = sealPacket(packet, signer, SEALED_AT);
  const read = await readPdf(packet.pdf);
  const attached = [...read.attachments].map(([name, bytes]) => name + bytes.toString('utf8'));
  const text = [...read.pages, JSON.stringify(read.info), read.metadata, read.outline, ...attached, packet.xml.toString('utf8')].join('\n');
  return `${inflatedBytes(container).toString('latin1')}\n${inflatedBytes(container).toString('utf8')}\n${text}`.normalize('NFC');
}

const squeezed = (text: string): string => text.replace(/[\s\u200b]+/gu, '');

it('lets nothing out that tells where a protected person is, in no form', async () => {
  const all = squeezed(await everythingIn(aProtectedCase()));
  expect(Object.entries(SECRETS).filter(([, secret]) => all.includes(squeezed(secret))).map(([name]) => name)).toEqual([]);
  expect(all).not.toMatch(/violence|violencia|affidavit/i);
});

it('puts the address of the agency in the place of the protected person, and says only that data are withheld', async () => {
  const text = (await readPdf(packetOf(aProtectedCase()).pdf)).pages.join(' ');
  expect(squeezed(text)).toContain(squeezed("Agency address in place of the person’s"));
  expect(text).toContain('Dato reservado');
});

it('keeps back data of restricted or untold source, with a finding, where nobody is protected too', async () => {
  const base = aMexicanCase();
  const [obligor, obligee, ...children] = base.participants;
  if (!obligor || !obligee) throw new Error('no parties');
  const supportCase = {
    ...base,
    participants: [
      { ...obligor, residence: { country: 'US', lines: [SECRETS.fplsStreet], locality: 'Los Angeles', region: 'CA', source: 'fpls' as const }, employer: { name: SECRETS.irsEmployer, source: 'irs' as const } },
      { ...obligee, residence: { country: 'US', lines: [SECRETS.unsourced], locality: 'Holtville', region: 'CA' } }, ...children,
    ],
  };
  const all = squeezed(await everythingIn(supportCase));
  for (const secret of [SECRETS.fplsStreet, SECRETS.irsEmployer, SECRETS.unsourced]) expect(all).not.toContain(squeezed(secret));
  expect(all).not.toMatch(/fpls|"irs"|>irs</);
  expect(assembled(supportCase).findings.map((finding) => `${finding.code} ${finding.path}`)).toEqual(expect.arrayContaining([
    'cases.source_restricted /participants/0/residence', 'cases.source_restricted /participants/0/employer', 'cases.source_missing /participants/1/residence',
  ]));
});

it('masks a Korean resident number after the birth date', () => {
  const { model } = assembled({ ...aMexicanCase(), participants: [
    { ...aMexicanCase().participants[0], participantId: 'P1', role: 'obligor', name: { given: 'Minsu', family: 'Kim', native: '김민수' }, identifiers: [{ type: 'RRN', value: '680126-2345678', country: 'KR', source: 'party' }] },
    anObligee(), aChild(),
  ] }, 'kr-kcsa');
  expect(model?.supportCase.parties[0]?.identifiers).toEqual([{ type: 'RRN', country: 'KR', value: '680126-*******' }]);
});
