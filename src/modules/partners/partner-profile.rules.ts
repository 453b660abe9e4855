/**
 * One datum of a profile. `confirmed` is false where nobody has yet confirmed it with the partner or in a primary source;
 * screens show that beside the value. `sources` are marks explained in sources.json.
 */
export interface Fact<T> {
  readonly value: T;
  readonly confirmed: boolean;
  readonly sources: readonly string[];
  readonly note?: string;
  /** Who confirmed it, when, and from what, where that was said on screen. */
  readonly confirmation?: FactConfirmation;
}

export interface FactConfirmation {
  readonly by: string;
  readonly on: string;
  readonly from: string;
}

type Language = 'en' | 'es-MX' | 'ko-KR';
/** Names in the languages of the screens, and in others that the partner's papers use. */
export type Localized = Readonly<Record<Language, string> & Record<string, string>>;
export type FileKind = 'forwarding' | 'remittance';
export type PaymentStatus = 'delivered' | 'returned' | 'pending' | 'cancelled';
export type ExchangeBasis = 'mou' | 'state_arrangement' | 'treaty' | 'informal';

export const SERVICE_CODES = ['locate', 'establish_parentage', 'establish_order', 'register_enforce', 'enforce', 'modify',
  'collect_forward', 'serve_documents', 'obtain_evidence', 'status', 'payment_location', 'close'] as const;
export type ServiceCode = (typeof SERVICE_CODES)[number];

export const COLUMN_NAMES = ['reference', 'disbursementId', 'caseId', 'payeeName', 'obligorName', 'obligeeName', 'amount', 'currency',
  'rate', 'fee', 'settled', 'settledCurrency', 'happenedOn', 'sentOn', 'transferReference', 'status', 'note'] as const;
export type ColumnName = (typeof COLUMN_NAMES)[number];

export interface ColumnProfile {
  /** A file in which neither heading nor content tells this column is refused. */
  readonly needed: boolean;
  /** In order of precedence; the first is the heading of the documented layout. */
  readonly headings: readonly string[];
}

/** How one partner writes one kind of payment file. */
export interface FileDialect {
  readonly language: string;
  readonly encodings: readonly ('utf-8' | 'windows-1252' | 'cp949')[];
  readonly separators: readonly string[];
  readonly decimalMarks: readonly ('.' | ',')[];
  readonly dateOrders: readonly ('ymd' | 'dmy' | 'mdy')[];
  readonly columns: Readonly<Partial<Record<ColumnName, ColumnProfile>>>;
  readonly statuses?: Readonly<Record<PaymentStatus, readonly string[]>>;
  /** Currencies that the columns `currency` and `settledCurrency` may name; any other makes a line `rejected`. */
  readonly currencies: { readonly amount: readonly string[]; readonly settled: readonly string[] };
  /** The currency of the column `settled` where the layout has no column that says so. */
  readonly settledCurrency?: string;
  readonly rate: { readonly quotation: 'perUsd' | 'perUnitDelivered' | 'perUnitCollected' | 'perUsdRemitted' };
  readonly totalsWords: readonly string[];
  /** Cells that mean "nothing known", such as `s/f`. */
  readonly blankWords: readonly string[];
  /** Usual form of the partner's own reference and of its transfer numbers: hints for telling columns, never conditions. */
  readonly referenceHint?: string;
  readonly transferHint?: string;
}

export interface PartnerAddress {
  readonly purpose: 'office' | 'mail' | 'payments';
  readonly country: string;
  readonly lines: readonly string[];
  readonly neighborhood?: string;
  readonly locality: string;
  readonly region?: string;
  readonly postalCode?: string;
}

/** A paper or datum that a referral to this partner needs; `code` has its words in `partners:document.*`. */
export interface DocumentRule {
  readonly code: string;
  readonly form: 'original' | 'certified_copy' | 'copy' | 'datum';
  readonly services: 'all' | readonly ServiceCode[];
  readonly translation: boolean;
  readonly apostille: boolean;
  /** The paper's own name, printed beside its gloss. */
  readonly title?: string;
  readonly issuedIn?: string;
  readonly when?: string;
  readonly blocking?: boolean;
}

export interface CaseNumberForm {
  readonly county: string;
  readonly example: string;
  readonly pattern: string;
  readonly prefix: string;
  readonly digits: number;
}

export interface AccountRule {
  readonly kind: 'CLABE' | 'KR_BANK' | 'US_ACH';
  readonly check: 'hard' | 'warn' | 'none';
  readonly ownershipProven: boolean;
  readonly lengthDigits?: number;
  readonly accountDigits?: { readonly min: number; readonly max: number };
  readonly bankCodes?: Readonly<Record<string, string>>;
}

/** One side of a payment order, with its bank: an account of an office, never of a person. */
export interface PaymentParty {
  readonly name: string;
  readonly country: string;
  readonly account: { readonly kind: 'iban' | 'other'; readonly value: string };
  readonly agent: { readonly kind: 'bic' | 'routing_number'; readonly value: string };
}

/**
 * A way to reach a partner: portal, api, sftp and courier carry messages, webhook and email only tell of them, signed_container is the form
 * of packets. `waitDays`: working days of the agency until the next way is tried; `encrypt`: files leave only for the partner's certificate.
 */
export interface PartnerChannel {
  readonly kind: 'portal' | 'signed_container' | 'sftp' | 'api' | 'courier' | 'webhook' | 'email';
  readonly address?: string;
  readonly waitDays?: number;
  readonly encrypt?: boolean;
}

/** An office to which a partner passes requests on. `hop` is a partner's id, or a code of the lifecycle. */
export interface PartnerHop {
  readonly hop: string;
  readonly names: Localized;
  /** Clocks that receipt there stops. */
  readonly stops: readonly string[];
  /** What the office calls its own number of the case. */
  readonly fileNumberLabel: Localized;
}

/** Everything the gateway knows about one partner abroad (schemas/json/partner-profile.v1.json). */
export interface PartnerProfile {
  readonly profileVersion: '1.0';
  readonly partnerId: string;
  readonly validFrom: string;
  readonly validUntil?: string;
  readonly kind: 'consulate' | 'central_office' | 'agency' | 'state_office';
  readonly country: string;
  readonly names: Fact<Localized>;
  readonly shortNames: Fact<Localized>;
  readonly unit?: Fact<Localized>;
  readonly addresses: Fact<readonly PartnerAddress[]>;
  /** `packet`: the language beside English in every packet; `correspondence`: what the partner writes and reads. */
  readonly languages: Fact<{ readonly packet: string; readonly correspondence: readonly string[] }>;
  readonly legalBasis: Fact<readonly string[]>;
  /** `approverNeeded`: sending needs a named approver (an informal basis always does). */
  readonly exchangeBasis: Fact<{ readonly basis: ExchangeBasis; readonly approverNeeded: boolean }>;
  readonly counties: Fact<readonly string[]>;
  readonly regions: Fact<readonly string[]>;
  readonly services: Fact<readonly ServiceCode[]>;
  readonly documents: readonly Fact<DocumentRule>[];
  /** Forms that the partner takes only as the official PDF, by their ids. */
  readonly officialForms?: Fact<readonly string[]>;
  /** `forms`: the set of forms (referrals/documents/form-sets) that this partner reads. */
  readonly packet: Fact<{ readonly originals: number; readonly copies: number; readonly translation: 'everything' | 'narrative' | 'none'; readonly forms: string }>;
  /** In the order in which they are tried. */
  readonly channels: Fact<readonly PartnerChannel[]>;
  readonly files: { readonly forwarding: Fact<FileDialect> | null; readonly remittance: Fact<FileDialect> | null };
  readonly fees: Fact<{ readonly charges: 'OUR' | 'SHA' | 'BEN'; readonly transferFeeMax: { readonly amount: string; readonly currency: string } }>;
  /** How the State's bank is ordered to pay this partner. Without it no payment orders are made for the partner. */
  readonly paymentOrders?: Fact<{ readonly debtor: PaymentParty; readonly creditor: PaymentParty }>;
  readonly remitTo: Fact<'state_disbursement_unit' | 'county' | 'partner_account'>;
  readonly timeZone: Fact<string>;
  readonly calendar: Fact<{ readonly id: string; readonly alsoClosed: readonly string[] }>;
  readonly locator: Fact<{ readonly code: string; readonly table: string; readonly rule?: string }>;
  /** Whether the clock `referral.send` stops when this partner receives the case, to whom else it passes the case on, and whether the rule binds toward it. */
  readonly referralClock: Fact<{ readonly stopsOnReceipt: boolean; readonly relaysTo: string | null; readonly binding: boolean }>;
  /** The chain of offices behind this partner, in its order, and which clocks receipt at each stops. */
  readonly hops?: Fact<readonly PartnerHop[]>;
  /** Clocks of what this partner is to do, counted from delivery: targets that bind nobody. Without it none is counted. */
  readonly targetClocks?: Fact<readonly string[]>;
  readonly caseNumbers: Fact<{ readonly forms: readonly CaseNumberForm[]; readonly leadWords: readonly string[] }>;
  readonly accounts: Fact<readonly AccountRule[]>;
  readonly sealedPart: Fact<boolean>;
}
