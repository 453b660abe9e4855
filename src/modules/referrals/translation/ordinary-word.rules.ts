/**
 * Words that begin with a capital and name nobody: first words of sentences, months, peoples, courts, laws. Any other word with a
 * capital is taken for a name, and so is any that both sides of a translation share; a word that is missing here costs a suggestion
 * and never a secret. Words that are names of persons too (Domingo, Will) are not here.
 */
const ORDINARY = new Set(`
a after all also although an and any as at because before both but by child children despite due during each even every father finally first for from
had has have he her here his how however i if in instead it its just last later many mother my neither never no nobody none not nothing now of on once
one only or other our parent parents payments respondent petitioner obligor obligee several she since so some sometimes soon still support that the
their them then there these they this those though thus to today two three under until upon was we were what when where whether which while who why
with within without yes yesterday you your according based both according most

al algunos ante antes aquel aquella así aún aunque bajo cada como con conforme cuando cuanto de del desde después donde dos durante el él ella ellas ellos en
entonces entre era es esa esas ese eso esos esta está estas este esto estos estuvo fue ha había habían hace han hasta hay hoy incluso la las le les lo
los luego mas más me mi mientras mis mucho muchos muy nada nadie ni ninguna ninguno no nos nosotros nuestra nuestro nunca o otra otro otros para pero
poco por porque primero pues que quien se según ser si sí siempre sin sobre solo sólo son su sus también tampoco tanto tengo tenemos tiene todas todo
todos tras tres tuvo un una unas uno unos usted y ya yo padre madre padres hijo hija hijos niña niño menor vivimos vive pagó paga depositó dejó nunca

january february march april may june july august september october november december monday tuesday wednesday thursday friday saturday sunday
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre lunes martes miércoles jueves viernes sábado

american americano americana mexican mexicano mexicana korean coreano coreana english inglés spanish español hangul united states estados unidos america
américa mexico méxico mexicanos korea corea republic república california usa us u s ee uu

act acta agency agencia article artículo attorney certificate child civil clave code código condado consulate consulado consul cónsul corte county court department
departamento dif dna adn embassy embajada estado familiar family federal general gobierno government hague haya honorable judge judgment judicial juez jueza juzgado
kcsa ley law ministerio ministry mr mrs ms dr dra lic national nacional notary office oficina order orden poder procuraduría public público registro registry
relaciones exteriores resolución secretaría section sección services servicios social security sr sra srta sres sre state superior supreme suprema tribunal
uifsa unit unidad curp rfc csea dcss ocse iv-d usd mxn krw

doctor final hospital legal normal personal total
`.split(/\s+/u).filter((word) => word !== ''));

// Endings and pronouns that most Korean sentences have.
const KOREAN = '습니다 입니다 했습니다 있습니다 없습니다 않았습니다 그는 그가 저는 제가 우리 에게 에서 부터 까지 양육비 지급';

/** Words that are in most texts of this kind, and tell one sentence from another badly. */
export const COMMON_WORDS: readonly string[] = [...ORDINARY, ...KOREAN.split(' ')];

const bare = (word: string): string => word.normalize('NFD').replace(/[\u0300-\u036f]/gu, '').normalize('NFC').toLowerCase();
const BARE = new Set([...ORDINARY].map(bare));

export function isOrdinary(word: string): boolean {
  return BARE.has(bare(word).replace(/['’](?:s|m|ve|d|ll|re)$/u, ''));
}

/** Words that two texts share, whatever their case and accents, and that no list knows as ordinary: what nobody translated. */
export function sharedWords(one: string, other: string): string[] {
  const wordsOf = (text: string): string[] => (text.match(/\p{L}[\p{L}\p{M}'’-]+/gu) ?? []).map(bare);
  const there = new Set(wordsOf(other));
  return [...new Set(wordsOf(one))].filter((word) => there.has(word) && !isOrdinary(word));
}
