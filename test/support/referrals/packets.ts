import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { SupportCase } from '../../../src/modules/cases/index.ts';
import { getPartner } from '../../../src/modules/partners/index.ts';
import { assembleModel } from '../../../src/modules/referrals/packets/assemble-model.ts';
import type { AssembledModel } from '../../../src/modules/referrals/packets/assemble-model.ts';
import { composePacket } from '../../../src/modules/referrals/packets/compose-packet.ts';
import type { ComposedPacket, Composition } from '../../../src/modules/referrals/packets/compose-packet.ts';
import type { PacketModel } from '../../../src/modules/referrals/packets/packet-model.rules.ts';
import type { Signer } from '../../../src/platform/asic/cms.ts';
import type { SigningIdentity } from '../../../src/platform/keys.ts';
import { newSigningIdentity } from '../../../src/platform/keys-certificate.ts';
import { aCase, anObligee, anObligor } from '../cases/builders.ts';

export const REFERRAL_ID = 'ref_01K0000000000000000000000A';
export const PACKET_ID = 'pkt_01K0000000000000000000000B';
export const SEALED_AT = new Date('2026-11-20T18:30:00Z');
const SEAL = { packetId: PACKET_ID, datedOn: '2026-11-20' };

/** The debtor lives in Mexicali: a case that lacks nothing for the consulate in Calexico. */
export function aMexicanCase(changes: Partial<SupportCase> = {}): SupportCase {
  const base = aCase({ county: '06025', caseId: 'IM-0040123' });
  const [, , child] = base.participants;
  return {
    ...base,
    participants: [
      anObligor({
        residence: { country: 'MX', lines: ['Calle Vicente Guerrero 734'], neighborhood: 'Pueblo Nuevo', locality: 'Mexicali', region: 'Baja California', postalCode: '21120', source: 'party' },
        identifiers: [{ type: 'CURP', value: 'BOXW310820HNERXN09', country: 'MX', source: 'party' }],
      }),
      anObligee({ residence: { country: 'US', lines: ['7842 Main St'], locality: 'Holtville', region: 'CA', postalCode: '92250', source: 'party' }, identifiers: [], accounts: [], phones: [] }),
      ...(child ? [child] : []),
    ],
    ...changes,
  };
}

/** The debtor lives in Suwon and is written in Hangul too. */
export function aKoreanCase(changes: Partial<SupportCase> = {}): SupportCase {
  const base = aMexicanCase({ county: '06037', caseId: '2000004103958' });
  const [, obligee, child] = base.participants;
  return {
    ...base,
    participants: [
      anObligor({
        name: { given: 'Sun-yeong', family: 'Kim', native: '김선영' }, nationalities: ['KR'], birthDate: '1968-01-26',
        residence: { country: 'KR', lines: ['효원로 116'], locality: '수원시 팔달구', region: '경기도', postalCode: '16056', source: 'party' },
        identifiers: [{ type: 'RRN', value: '680126-2345678', country: 'KR', source: 'party' }],
      }),
      ...(obligee ? [obligee] : []), ...(child ? [child] : []),
    ],
    ...changes,
  };
}

export function assembled(supportCase: SupportCase, partnerId = 'mx-consulate-calexico', services: readonly string[] = ['enforce', 'collect_forward']): AssembledModel {
  return assembleModel({ supportCase, partner: getPartner(partnerId), services, referralId: REFERRAL_ID, openedOn: '2026-11-16', agency: 'us-ca', on: SEAL.datedOn });
}

export function modelOf(supportCase: SupportCase, partnerId?: string, services?: readonly string[]): PacketModel {
  const { model } = assembled(supportCase, partnerId, services);
  if (!model) throw new Error('the case has no model');
  return model;
}

export function composed(supportCase: SupportCase, partnerId?: string): Composition {
  return composePacket(modelOf(supportCase, partnerId), SEAL);
}

/** The packet, where nothing blocks it. */
export function packetOf(supportCase: SupportCase, partnerId?: string): ComposedPacket {
  const composition = composed(supportCase, partnerId);
  if (!composition.packet) throw new Error(`not composed: ${JSON.stringify(composition.findings)}`);
  return composition.packet;
}

export async function aSigner(from = new Date('2026-11-01T00:00:00Z')): Promise<{ signer: Signer; identity: SigningIdentity }> {
  const identity = await newSigningIdentity(from);
  return { identity, signer: { certificate: new X509Certificate(identity.certificatePem).raw, privateKey: createPrivateKey(identity.privateKeyPem) } };
}
