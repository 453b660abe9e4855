import { parseMajor } from '../../../platform/money.ts';
import { addressPair, datePair, officeName } from './cover-letter.rules.ts';
import { fieldsBlock, stacked, strong, together } from './document.rules.ts';
import type { Block, FieldRow, GridColumn, Line, Pair, Words } from './document.rules.ts';
import { breakable, countryName, jurisdictionName, money } from './format.rules.ts';
import type { PacketModel, PacketOrder, PacketParty } from '../packets/packet-model.rules.ts';

/** The facts of the referral, as Transmittal #1 asks for them: who, under which orders, how much, and what is asked. */
export function referralSummary(model: PacketModel, words: Words): Block[] {
  return [
    heading(words, 1, 'heading.summary'),
    { kind: 'notice', rows: [words.sentence('packet:notice.not_federal')] },
    heading(words, 2, 'heading.case'), fields(words, caseRows(model, words)),
    heading(words, 2, 'heading.services'), fields(words, model.services.map((service, index) => ({
      label: words.given(`${index + 1}`), value: words.pair(`packet:service.${service}.title`),
    }))),
    heading(words, 2, 'heading.parties'), ...model.supportCase.parties.flatMap((party) => partyBlocks(party, model, words)),
    heading(words, 2, 'heading.orders'), ...orderBlocks(model, words),
    heading(words, 2, 'heading.balances'), ...balanceBlocks(model, words),
  ];
}

function heading(words: Words, level: 1 | 2 | 3, key: string): Block {
  return { kind: 'heading', level, ...words.pair(`packet:${key}`) };
}

function fields(words: Words, rows: readonly FieldRow[]): Block {
  return fieldsBlock(words.sentence('packet:language.name'), rows);
}

function labelled(words: Words, key: string, value: Pair): FieldRow {
  return { label: words.pair(`packet:label.${key}`), value };
}

/** A number of thirty characters fits its cell only in small letters, and broken over two lines it would be copied wrongly. */
function small({ left, right }: Pair): Pair {
  const smaller = (lines: readonly Line[]): Line[] => lines.map((line) => ({ ...line, style: 'small' }));
  return { left: smaller(left), right: smaller(right) };
}

function caseRows(model: PacketModel, words: Words): FieldRow[] {
  const { supportCase, partner, agency } = model;
  return [
    labelled(words, 'referral', small(words.given(model.referralId))),
    labelled(words, 'case_identifier', words.given(supportCase.caseId)),
    ...(partner.fileNumber === null ? [] : [labelled(words, 'partner_file', words.given(partner.fileNumber))]),
    labelled(words, 'requesting_agency', officeName(words, agency.names)),
    labelled(words, 'responding_agency', officeName(words, partner.names)),
    labelled(words, 'opened_on', datePair(words, supportCase.openedOn)),
    ...(supportCase.assistance === null ? [] : [labelled(words, 'assistance', words.pair(`packet:assistance.${supportCase.assistance}`))]),
    labelled(words, 'legal_basis', stacked(partner.legalBasis.map((basis) => words.sentence(`packet:basis.${basis.replaceAll('.', '_')}`)))),
  ];
}

/** Names of persons stand as they are; a part that is not told, or is kept back, is said to be so and never left blank. */
function partyRows(party: PacketParty, model: PacketModel, words: Words): FieldRow[] {
  const unknown = words.pair(party.isProtected ? 'packet:value.withheld' : 'packet:value.not_stated');
  const text = (value: string | null): Pair => (value === null || value === '' ? unknown : words.given(breakable(value)));
  const optional = (key: string, values: readonly string[]): FieldRow[] => (values.length === 0 ? [] : [labelled(words, key, stacked(values.map(text)))]);
  // Who may have two surnames and has one lawfully leaves the second blank: that is said, so that nobody looks for it.
  const hasTwoSurnames = party.secondFamily !== null || party.nationalities.includes('MX');
  const second = party.secondFamily === null ? words.pair('packet:value.no_second_surname') : text(party.secondFamily);
  return [
    labelled(words, 'full_name', nameOf(party) === '' ? unknown : fullName(party, words)),
    ...(party.native === null ? [] : [labelled(words, 'native_name', text(party.native))]),
    labelled(words, 'given_names', text(party.given)),
    labelled(words, hasTwoSurnames ? 'first_surname' : 'surname', text(party.family)),
    ...(hasTwoSurnames ? [labelled(words, 'second_surname', second)] : []),
    ...optional('alias', party.aliases),
    labelled(words, 'sex', party.sex === null ? unknown : words.pair(`packet:sex.${party.sex}`)),
    labelled(words, 'birth_date', party.birthDate === null ? unknown : datePair(words, party.birthDate)),
    ...(party.birthPlace === null ? [] : [labelled(words, 'birth_place', text(party.birthPlace))]),
    ...(party.nationalities.length === 0 ? [] : [labelled(words, 'nationality', stacked(party.nationalities.map((country) => countryPair(words, country))))]),
    ...addressRows(party, model, words, unknown),
    ...optional('telephone', party.phones),
    ...optional('email', party.emails),
    ...party.identifiers.map((identifier) => labelled(words, `identifier.${identifier.type}`, text(identifier.value))),
    ...(party.employer === null ? [] : [labelled(words, 'employer', stacked([
      text(party.employer), ...(party.employerAddress ? [addressPair(words, party.employerAddress)] : []),
    ]))]),
  ];
}

function addressRows(party: PacketParty, model: PacketModel, words: Words, unknown: Pair): FieldRow[] {
  if (party.isProtected) {
    return [labelled(words, 'address_substitute', stacked([officeName(words, model.agency.names), addressPair(words, model.agency.address)]))];
  }
  if (!party.address) return [labelled(words, 'address', unknown)];
  const verified = party.addressVerifiedOn === null ? [] : [labelled(words, 'address_verified', datePair(words, party.addressVerifiedOn))];
  return [labelled(words, 'address', addressPair(words, party.address)), ...verified];
}

/** Given names before surnames, as both Spanish and English write them; a Korean name stands in its own script beside it. */
export function nameOf(party: Pick<PacketParty, 'given' | 'family' | 'secondFamily'>): string {
  return [party.given, party.family, party.secondFamily].filter((part) => part !== null && part !== '').join(' ');
}

/** In English the name in Latin letters; in the partner's language the name in its own script first, where there is one. */
function fullName(party: PacketParty, words: Words): Pair {
  const latin = strong(words.given(breakable(nameOf(party))));
  if (party.native === null) return latin;
  const { tag } = words.right;
  return { left: latin.left, right: [{ text: breakable(party.native), lang: tag, style: 'strong' }, { text: breakable(nameOf(party)), lang: tag, style: 'small' }] };
}

function countryPair(words: Words, country: string): Pair {
  return words.given(countryName(country, words.left.language), countryName(country, words.right.language));
}

function partyBlocks(party: PacketParty, model: PacketModel, words: Words): Block[] {
  return [heading(words, 3, `role.${party.role}`), fields(words, partyRows(party, model, words))];
}

function orderBlocks(model: PacketModel, words: Words): Block[] {
  if (model.supportCase.orders.length === 0) return [{ kind: 'pair', rows: [words.sentence('packet:value.no_orders')] }];
  return model.supportCase.orders.flatMap((order, index): Block[] => {
    const title = words.pair('packet:heading.order', { number: index + 1 });
    return [{ kind: 'heading', level: 3, ...title }, fields(words, orderRows(order, words)), ...obligationBlocks(order, model, words)];
  });
}

function orderRows(order: PacketOrder, words: Words): FieldRow[] {
  const withheld = words.pair('packet:value.withheld');
  const text = (value: string | null): Pair => (value === null ? withheld : words.given(breakable(value)));
  const { jurisdiction } = order;
  const forum = jurisdiction === null ? withheld
    : words.given(jurisdictionName(jurisdiction, words.left.language), jurisdictionName(jurisdiction, words.right.language));
  return [
    labelled(words, 'tribunal', text(order.tribunal)),
    labelled(words, 'docket_number', text(order.docketNumber)),
    labelled(words, 'jurisdiction', forum),
    labelled(words, 'order_date', datePair(words, order.issuedOn)),
    labelled(words, 'parentage', words.pair(`packet:value.${order.isParentageEstablished ? 'yes' : 'no'}`)),
  ];
}

function column(words: Words, key: string, share: number, align: GridColumn['align'] = 'left'): GridColumn {
  return { heading: together(words.pair(`packet:label.${key}`)), share, align };
}

function amountCell(words: Words, amount: string, currency: string): Line[] {
  const minor = parseMajor(amount, currency) ?? 0n;
  return together(words.given(money(minor, currency, words.left.language), money(minor, currency, words.right.language)));
}

function obligationBlocks(order: PacketOrder, model: PacketModel, words: Words): Block[] {
  if (order.obligations.length === 0) return [{ kind: 'pair', rows: [words.sentence('packet:value.no_obligations')] }];
  const children = new Map(model.supportCase.parties.map((party) => [party.participantId, party]));
  const childLines = (id: string): Line[] => {
    const child = children.get(id);
    const name = child ? nameOf(child) : '';
    return name === '' ? together(words.pair('packet:value.withheld')) : [{ text: breakable(name), lang: words.left.tag }];
  };
  return [{
    kind: 'grid',
    columns: [column(words, 'obligation', 3), column(words, 'amount', 3, 'right'), column(words, 'frequency', 2.4),
      column(words, 'starts_on', 2.8), column(words, 'ends_on', 2.8), column(words, 'for_children', 3)],
    rows: order.obligations.map((obligation) => [
      together(words.pair(`packet:kind.${obligation.kind}`)),
      amountCell(words, obligation.amount, obligation.currency),
      together(words.pair(`packet:frequency.${obligation.frequency}`)),
      together(datePair(words, obligation.startsOn)),
      obligation.endsOn === null ? together(words.pair('packet:value.open_ended')) : together(datePair(words, obligation.endsOn)),
      obligation.dependents.flatMap(childLines),
    ]),
  }];
}

function balanceBlocks(model: PacketModel, words: Words): Block[] {
  const note: Block = { kind: 'pair', rows: [words.sentence('packet:notice.balances')] };
  const { balances } = model.supportCase;
  if (balances.length === 0) return [{ kind: 'pair', rows: [words.sentence('packet:value.no_balances')] }];
  return [{
    kind: 'grid',
    columns: [column(words, 'balance', 5), column(words, 'amount', 3, 'right'), column(words, 'as_of', 3.2)],
    rows: balances.map((balance) => [
      together(words.pair(`packet:bucket.${balance.bucket}`)), amountCell(words, balance.amount, balance.currency), together(datePair(words, balance.asOf)),
    ]),
  }, note];
}
