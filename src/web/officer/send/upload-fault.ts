/** What can go wrong with a file that an officer sends, as the officer meets it: each has words of its own for what was expected and what to do (`officer:upload.*`). */
export const UPLOAD_FAULTS = ['none', 'empty', 'too_large', 'type', 'list', 'damaged', 'locked', 'active', 'signer', 'altered', 'message', 'duplicate', 'reused', 'cut_off', 'too_much', 'not_a_list'] as const;
export type UploadFault = (typeof UPLOAD_FAULTS)[number];

const CODES: Readonly<Record<string, UploadFault>> = {
  'incoming.file_needed': 'none', 'incoming.empty': 'empty', 'exchange.empty': 'empty', 'attachment.empty': 'empty', 'incoming.is_list': 'list', 'incoming.cut_off': 'cut_off',
  'file.too_large': 'too_large', 'incoming.scan_too_large': 'too_large', 'message.file_too_large': 'too_large', 'attachment.too_many_pages': 'too_large', 'attachment.too_many_pixels': 'too_large', 'incoming.takes_too_long': 'too_large',
  'attachment.type_program': 'active', 'attachment.type_html': 'active', 'attachment.bomb': 'active', 'attachment.two_types': 'active', 'attachment.type_lies': 'type', 'message.not_recognised': 'type',
  'attachment.broken': 'damaged', 'attachment.encrypted': 'locked', 'attachment.picture_unclean': 'damaged', 'container.not_zip': 'damaged', 'container.directory': 'damaged', 'container.compressed': 'damaged', 'container.size': 'damaged',
  'signature.signer_untrusted': 'signer', 'signature.certificate_not_valid_then': 'signer', 'signature.certificate_not_for_signing': 'signer', 'signature.key_unsupported': 'signer', 'signature.time_in_future': 'signer',
  'incoming.certificates_unreadable': 'signer', 'incoming.same_message': 'duplicate', 'incoming.packet_number_reused': 'reused', 'message.id_reused': 'reused', 'message.serial_reused': 'reused',
  'incoming.too_much_today': 'too_much', 'exchange.too_much_today': 'too_much', 'exchange.too_many_at_once': 'too_much', 'payments.too_many_lists': 'too_much', 'payments.not_a_list': 'not_a_list',
};
/** Where no code says it alone: what the code begins with. */
const BEGINNINGS: readonly (readonly [string, UploadFault])[] = [
  ['attachment.type_', 'type'], ['attachment.pdf_', 'active'], ['container.', 'altered'], ['signature.', 'altered'], ['packet.', 'altered'], ['receipt.', 'altered'], ['xml.', 'message'], ['message.', 'message'], ['json.', 'message'],
  ['incoming.', 'message'],
];

/** Which fault a code is one of; null for what is no fault of the file. */
export function uploadFaultOf(code: string): UploadFault | null {
  return (Object.hasOwn(CODES, code) ? CODES[code] : BEGINNINGS.find(([beginning]) => code.startsWith(beginning))?.[1]) ?? null;
}

/** The fault that a refused file is told of: the first that stands in the way. What is packed and does not even call itself a signed file is a file of another kind. */
export function mainFault(findings: readonly { readonly code: string; readonly severity: string }[], fileName = ''): UploadFault | null {
  for (const { code, severity } of findings) {
    const fault = severity === 'block' ? uploadFaultOf(code) : null;
    if (fault) return code.startsWith('container.') && fileName !== '' && !/\.(?:asice|asics|zip)$/i.test(fileName) ? 'type' : fault;
  }
  return findings.some(({ code }) => code === 'incoming.same_message') ? 'duplicate' : null;
}
