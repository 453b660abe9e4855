// Korean names: family name first, one or two given syllables, any passport spelling.
import { digitsAsLetters } from './misprints.ts';
import { foldText, hasHangul } from './text.ts';
import { hangulSkeleton, isSyllable, latinSkeleton } from './hangul.ts';

// Family names with the spellings seen in passports; names that share a spelling fall into one class (유 / 류, 임 / 림, 나 / 라).
const SURNAMES = `김 kim gim ghim khim;이 lee yi rhee i ri ree li rhie yee ie;리 lee ri rhee li;박 park bak pak parc bahk pahk bark;최 choi choe choy chwe chey;
정 jung jeong chung joung jong chong cheong juhng;강 kang gang khang;조 cho jo joe joh choh;윤 yoon yun youn yune;장 jang chang jahng zhang;임 lim im rim yim leem;
림 lim rim im;한 han hahn;오 oh o;서 seo suh su so sur;소 so soh;신 shin sin shinn;권 kwon gwon kweon kwan gweon;황 hwang whang;안 ahn an;송 song;류 ryu yoo yu you ryoo lyu liu;
유 yoo yu you ryu yuh ryoo;홍 hong;전 jeon jun chun chon jhun juhn;천 cheon chun chon chen;고 ko go koh goh;문 moon mun;손 son sohn shon;양 yang ryang liang;배 bae pae bai bea;
백 baek paik paek back baik paick baeg;허 heo hur huh her hu ho;남 nam nahm;심 shim sim;노 noh roh no ro nho;하 ha hah;곽 kwak gwak kwag;성 sung seong song;차 cha tcha;
주 joo ju chu choo;우 woo wu u oo;구 koo gu ku goo kou;나 na ra nah rah la;라 ra la na;민 min;진 jin chin jean jhin;지 ji chi jee;엄 eom um uhm eum;원 won weon;방 bang pang;
공 kong gong;현 hyun hyeon hyon hyoun;함 ham hahm;여 yeo yuh yo;추 choo chu;도 do doh to;석 seok suk sok;선 sun seon sunn;설 seol sul sol;마 ma mah;길 kil gil;위 wi wee;
연 yeon youn yun yon;표 pyo;명 myung myeong myoung;기 ki gi kee;반 ban pan bahn;왕 wang;금 keum geum kum;옥 ok ock oak;육 yook yuk;인 in;맹 maeng;제 je jae che;모 mo moh;
탁 tak;국 kook guk kuk;은 eun;편 pyeon pyun;용 yong;변 byun byeon pyun pyon;봉 bong;염 yeom yum;채 chae chai;방 bahng;복 bok;빈 bin;사 sa;상 sang;어 eo uh;예 ye;형 hyung;호 ho;
피 pi;태 tae;경 kyung;가 ka;감 kam;갈 gal kal;견 kyun;계 kye;단 dan;당 dang;동 dong;두 doo du;매 mae;목 mok;묵 mook;부 boo bu;승 seung;시 si;아 ah;옹 ong;음 eum;
남궁 namgung namkoong namgoong namkung;황보 hwangbo whangbo;제갈 jegal;선우 sunwoo seonwoo;독고 dokgo dokko;사공 sagong;서문 seomun suhmoon;동방 dongbang`;

const surnameClass = new Map<string, string>();

function joinClasses(): void {
  for (const entry of SURNAMES.split(';')) {
    const forms = entry.trim().split(/\s+/u);
    const known = new Set(forms.map((f) => surnameClass.get(f)).filter((c) => c !== undefined));
    const name = [...known][0] ?? (forms[0] as string);
    for (const [form, of] of surnameClass) if (known.has(of)) surnameClass.set(form, name);
    for (const form of forms) surnameClass.set(form, name);
  }
}
joinClasses();

/** The class of a family name in Hangul or Latin, or null when it is none that Koreans bear. */
export function koreanSurname(text: string): string | null {
  return surnameClass.get(text.toLowerCase()) ?? null;
}

/** One way to read a printed name as a Korean one. `given` is Hangul or Latin letters without hyphens. */
export type KoreanReading = { readonly surname: string; readonly surnameText: string; readonly given: string; readonly isHangul: boolean };

function hangulReadings(text: string): KoreanReading[] {
  const name = [...text.replace(/[\s(]*(?:님|씨|귀하)(?=[\s).,]*$|\s*\()/u, '')].filter(isSyllable).join('');
  const readings: KoreanReading[] = [];
  for (const length of name.length >= 4 ? [2, 1] : [1]) {
    const surnameText = name.slice(0, length);
    const given = name.slice(length);
    const surname = koreanSurname(surnameText) ?? (length === 1 ? surnameText : null);
    if (surname !== null && given !== '') readings.push({ surname, surnameText, given, isHangul: true });
  }
  return readings;
}

const letters = (words: readonly string[]): string => words.join('').replace(/[^a-z]/gu, '');

function latinReadings(text: string): KoreanReading[] {
  const [beforeComma, afterComma] = foldText(text).split(',', 2) as [string, string | undefined];
  const words = (afterComma === undefined ? beforeComma : `${beforeComma} ${afterComma}`).split(/\s+/u).filter((w) => /[a-z]/u.test(w)).map(digitsAsLetters).filter((w, i, all) => !(i === 0 && all.length > 2 && /^(?:c|sr|sra|srta|lic|ing|dr|dra|mr|mrs|ms)\.?$/u.test(w)));
  const readings: KoreanReading[] = [];
  const add = (surnameText: string, rest: readonly string[]): void => {
    const surname = koreanSurname(letters([surnameText]));
    const given = letters(rest);
    if (surname !== null && given.length >= 2) readings.push({ surname, surnameText: letters([surnameText]), given, isHangul: false });
  };
  if (words.length >= 2) {
    add(words[0] as string, words.slice(1));
    if (afterComma === undefined) add(words[words.length - 1] as string, words.slice(0, -1));
  } else if (words.length === 1) {
    const word = letters(words);
    for (let length = 2; length <= Math.min(8, word.length - 2); length++) add(word.slice(0, length), [word.slice(length)]);
  }
  return readings;
}

/** Every way in which a printed name can be Korean; empty when it cannot. A name in both scripts is read in both. */
export function koreanReadings(text: string): KoreanReading[] {
  const folded = foldText(text);
  const readings = hasHangul(folded) ? hangulReadings(folded) : [];
  return /[a-z]{2}/u.test(folded) ? [...readings, ...latinReadings(folded.replace(/[^\p{Script=Latin}\d\s,.'-]/gu, ' '))] : readings;
}

export function koreanKey(reading: KoreanReading): string {
  return `k:${reading.surname}/${reading.isHangul ? hangulSkeleton(reading.given) : latinSkeleton(reading.given)}`;
}
