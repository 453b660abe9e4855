import { withParticles } from '../../../src/platform/korean-particles.ts';

describe('Korean particles after what fills a gap', () => {
  it.each([
    ['양육비이행관리원(으)로 돌아가기', '양육비이행관리원으로 돌아가기'],
    ['중앙당국(으)로 이송', '중앙당국으로 이송'],
    ['멕시코 외교부(SRE)(으)로 돌아가기', '멕시코 외교부(SRE)로 돌아가기'],
    ['서울(으)로', '서울로'],
    ['미화 500.00달러을(를) 넘거나', '미화 500.00달러를 넘거나'],
    ['2026년 11월 20일이(가) 끝나', '2026년 11월 20일이 끝나'],
    ['사건 2000001000001은(는) 종결', '사건 2000001000001은 종결'],
    ['시스템 “연계 서버”은(는)', '시스템 “연계 서버”는'],
    ['법원와(과) 기관와(과)', '법원과 기관과'],
    ['버전 3(으)로 저장', '버전 3으로 저장'],
    ['버전 8(으)로 저장', '버전 8로 저장'],
  ])('%s', (raw, written) => expect(withParticles(raw)).toBe(written));

  it('keeps both forms where nobody knows how the word is read', () => {
    expect(withParticles('register.csv은(는) JSON이 아닙니다')).toBe('register.csv은(는) JSON이 아닙니다');
    expect(withParticles('은(는)')).toBe('은(는)');
  });
});
