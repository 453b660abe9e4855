import type { Command } from './command.ts';
import { caseCommands } from './cases.ts';
import { caseloadCommands } from './caseload.ts';
import { clientCommands } from './clients.ts';
import { clockCommands } from './clocks.ts';
import { agreementCommands } from './agreement.ts';
import { partnerAgreementCommands } from './agreements.ts';
import { attachmentCommands } from './attachments.ts';
import { auditCommands } from './audit.ts';
import { incomingCommands } from './incoming.ts';
import { confirmationCommands } from './confirmations.ts';
import { dayCommands } from './days.ts';
import { deliveryCommands } from './delivery.ts';
import { disclosureCommands } from './disclosures.ts';
import { exchangeCaseloadCommands } from './exchange-caseload.ts';
import { exchangeCommands } from './exchange.ts';
import { inquiryCommands } from './inquiries.ts';
import { interviewCommands } from './interview.ts';
import { ledgerCommands } from './ledger.ts';
import { mappingCommands } from './mappings.ts';
import { orderCommands } from './orders.ts';
import { paymentCommands } from './payments.ts';
import { pickupCommands } from './pickup.ts';
import { postingCommands } from './postings.ts';
import { packetCommands } from './packets.ts';
import { queueCommands } from './queue.ts';
import { referralCommands } from './referrals.ts';
import { demoCommands } from './demo.ts';
import { partnerCommands } from './partners.ts';
import { rateCommands } from './rates.ts';
import { reminderCommands } from './reminders.ts';
import { receiptCommands } from './receipts.ts';
import { reconcileCommands } from './reconcile.ts';
import { sftpCommands } from './sftp.ts';
import { statementCommands } from './statements.ts';
import { suspenseCommands } from './suspense.ts';
import { systemCommands } from './system.ts';
import { translationCommands } from './translations.ts';
import { userCommands } from './users.ts';
import { userManageCommands } from './users-manage.ts';

/** Every command, in the order in which `--help` lists them. */
export const COMMANDS: readonly Command[] = [
  ...demoCommands,
  ...systemCommands,
  ...sftpCommands,
  ...caseCommands,
  ...referralCommands,
  ...queueCommands,
  ...interviewCommands,
  ...attachmentCommands,
  ...translationCommands,
  ...packetCommands,
  ...disclosureCommands,
  ...incomingCommands,
  ...inquiryCommands,
  ...exchangeCommands,
  ...deliveryCommands,
  ...receiptCommands,
  ...reminderCommands,
  ...paymentCommands,
  ...pickupCommands,
  ...mappingCommands,
  ...confirmationCommands,
  ...postingCommands,
  ...orderCommands,
  ...rateCommands,
  ...reconcileCommands,
  ...suspenseCommands,
  ...agreementCommands,
  ...dayCommands,
  ...caseloadCommands,
  ...exchangeCaseloadCommands,
  ...statementCommands,
  ...ledgerCommands,
  ...auditCommands,
  ...clockCommands,
  ...partnerCommands,
  ...partnerAgreementCommands,
  ...userCommands, ...userManageCommands,
  ...clientCommands,
];
