/** Made of schemas/openapi.yaml by `npm run api:types`; not edited by hand. */
export interface paths {
    "/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who you are here, and your limits */
        get: operations["getStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Exchange a secret for a token that lives fifteen minutes
         * @description OAuth 2.0, client credentials (RFC 6749, 4.4). `client_id` is the client, `client_secret` the whole credential as it was shown; both may stand in HTTP Basic authentication instead.
         */
        post: operations["getToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What lies ready for you
         * @description What the agency sent to you, in the order in which it was offered, whether you have fetched it or not.
         */
        get: operations["listMessages"];
        put?: never;
        /**
         * Say something
         * @description One message, as XML under `schemas/xsd/puente-message.v1.xsd` or as JSON under `schemas/json/message.v1.json`; the two are forms of the same. Its own
         *     `messageId` and `serial` are its key, so an `Idempotency-Key` is optional. It is kept before it is judged: a message that is refused
         *     has a receipt, too, which the problem names.
         */
        post: operations["sendMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/messages/{messageId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Fetch a message
         * @description The message in the form that you accept. Fetching it is what the receipt `retrieved` proves.
         *     A referral of ours is a sealed packet, which says itself what is asked for: here is its cover (`PacketCover`), with the numbers that tell what it belongs to.
         *     Reading the cover proves nothing; fetching the packet at `/messages/{messageId}/file` does.
         */
        get: operations["getMessage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/messages/{messageId}/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download the packet of a message
         * @description The sealed packet (or list, or paper) that goes with the message, byte for byte; a download that broke off goes on with `Range` and `If-Range`.
         *     Where your profile asks for it, it is a CMS envelope for your certificate (`application/pkcs7-mime`).
         */
        get: operations["getMessageFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/messages/{messageId}/retrieval": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that you have stored a message
         * @description Does the same as fetching it, for programs that got it in another way. As often as you like; there is one receipt.
         */
        post: operations["confirmRetrieval"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a packet, a list of payments or scanned papers
         * @description The bytes themselves are the body, no form around them. What it is, is told by its content. `Content-Digest` (RFC 9530, `sha-256`) is compared,
         *     so that half an upload is refused and nothing of it is kept.
         */
        post: operations["sendFile"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/receipts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The receipts of your messages and ours */
        get: operations["listReceipts"];
        put?: never;
        /**
         * Send a receipt that you signed
         * @description Your own proof that something of ours reached you: a statement as ours are, signed (CMS SignedData with the statement inside; DER, or PEM as RFC 7468 has it).
         *     It is kept whatever it is worth; `findings` say what of it does not hold, and whether it names a message of ours. Send us the certificate by which your
         *     receipts are believed before you send the first. What it is, is told by its content, as with `/files`; the same bytes again give the same answer.
         */
        post: operations["sendReceipt"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/receipts/{receiptId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Fetch a receipt
         * @description As it is signed (`application/pkcs7-mime`, for `openssl cms -verify`), or what it says as JSON.
         */
        get: operations["getReceipt"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your conversations with the agency */
        get: operations["listConversations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/conversations/{conversationId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A conversation with its messages and receipts */
        get: operations["getConversation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/referrals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The referrals between you and the agency
         * @description In both directions, in the order in which they were made. A referral that has not been sent yet does not exist for you.
         */
        get: operations["listReferrals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/referrals/{referralId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where a referral stands */
        get: operations["getReferral"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/inquiries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What you have asked, without whom it was about */
        get: operations["listInquiries"];
        put?: never;
        /**
         * Ask about a case for a person at your counter
         * @description Only with the person's consent, recorded here. Whether there is such a case is not told by taking the question; what is answered, and when, depends on
         *     the agency. Nothing of anybody who is protected is ever told.
         */
        post: operations["askAboutCase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/inquiries/{inquiryId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A question and its answer */
        get: operations["getInquiry"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/schemas/{folder}/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A schema that messages and files stand under */
        get: operations["getSchema"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/errors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every kind of error that there is */
        get: operations["listErrors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/errors/{errorType}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a kind of error means and what to do */
        get: operations["getError"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.yaml": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This description */
        get: operations["getDescription"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This description as JSON */
        get: operations["getDescriptionJson"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Digest: string;
        /** Format: date-time */
        Instant: string;
        Finding: {
            code: string;
            /** @enum {unknown} */
            severity?: "block" | "warn" | "info";
            /** @description JSON pointer or column. */
            pointer?: string;
            line?: number;
            detail: string;
        };
        /** @description RFC 9457. */
        Problem: {
            /** Format: uri-reference */
            type: string;
            title: string;
            status: number;
            detail: string;
            /** @description What exactly, for programs. */
            code: string;
            errors?: components["schemas"]["Finding"][];
            received?: components["schemas"]["Received"];
            /** @description Say it when you ask the agency about this answer. */
            requestId: string;
        };
        ErrorType: {
            /** Format: uri-reference */
            type: string;
            status: number;
            title: string;
            description: string;
        };
        Status: {
            clientId: string;
            partnerId: string;
            agency: string;
            scopes: string[];
            requestsPerMinute: number;
            now: components["schemas"]["Instant"];
        };
        Token: {
            access_token: string;
            /** @constant */
            token_type: "Bearer";
            expires_in: number;
            scope: string;
        };
        /** @description Pass it as `after` for what follows. */
        Cursor: string | null;
        ListedMessage: {
            id: string;
            /** @description Our transaction serial number (CSENet). */
            serial: string | null;
            kind: string;
            /** @description Function, action and reason of CSENet, where one exists. */
            code: string | null;
            conversation: string | null;
            /** @description Your own id of the message that it answers. */
            inReplyTo: string | null;
            sha256: components["schemas"]["Digest"];
            size: number;
            /** @description There is something to read at /messages/{messageId}: the message, or the cover of a packet. */
            hasMessage: boolean;
            /** @description There is something to download at /messages/{messageId}/file. */
            hasFile: boolean;
            /** @description The file is for your certificate. */
            isEncrypted: boolean;
            /** @enum {unknown} */
            state: "delivered" | "retrieved";
            sentAt: components["schemas"]["Instant"];
            /**
             * Format: date
             * @description Until when you should have fetched it.
             */
            expiresOn: string | null;
            agencyFileNumber: string | null;
            partnerFileNumber: string | null;
        };
        /**
         * @description What a packet of ours belongs to, to be read without opening it. It tells nothing of the case.
         * @example {
         *       "version": "1.1",
         *       "kind": "referral",
         *       "messageId": "msg_01KAM5T5ZV8Q0P6Y3H2N4B7C9F",
         *       "serial": "000000000041",
         *       "conversation": "cnv_01KAM5T5ZV8Q0P6Y3H2N4B7C9G",
         *       "sentAt": "2026-11-20T17:02:11.000Z",
         *       "datedOn": "2026-11-20",
         *       "function": "ENF",
         *       "action": "R",
         *       "reason": "ERALL",
         *       "referralId": "ref_01KAM5T5ZV8Q0P6Y3H2N4B7C9H",
         *       "packetId": "pkt_01KAM5T5ZV8Q0P6Y3H2N4B7C9J",
         *       "from": {
         *         "county": "06025",
         *         "fileNumber": "IM-1",
         *         "name": [
         *           {
         *             "lang": "en",
         *             "value": "County of Imperial"
         *           }
         *         ]
         *       },
         *       "to": {
         *         "partnerId": "mx-consulate-calexico",
         *         "country": "MX",
         *         "fileNumber": null,
         *         "name": [
         *           {
         *             "lang": "es-MX",
         *             "value": "Consulado de México en Calexico"
         *           }
         *         ]
         *       },
         *       "packet": {
         *         "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
         *         "byteCount": 48211,
         *         "isEncrypted": false,
         *         "contentSha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
         *       }
         *     }
         */
        PacketCover: {
            /** @constant */
            version: "1.1";
            /** @constant */
            kind: "referral";
            messageId: string;
            serial: string | null;
            /** @description The id to name in what you answer. */
            conversation: string | null;
            sentAt: components["schemas"]["Instant"];
            /** Format: date */
            datedOn: string;
            function: string | null;
            action: string | null;
            reason: string | null;
            referralId: string | null;
            /** @description The number of the packet, which your acknowledgment answers. */
            packetId: string | null;
            from: {
                county: string;
                fileNumber: string | null;
                name: components["schemas"]["OfficeName"][];
            };
            to: {
                partnerId: string;
                country: string;
                fileNumber: string | null;
                name: components["schemas"]["OfficeName"][];
            };
            packet: {
                sha256: components["schemas"]["Digest"];
                byteCount: number;
                /** @description The file is for your certificate. */
                isEncrypted: boolean;
                contentSha256: components["schemas"]["Digest"];
            };
        };
        OfficeName: {
            lang: string;
            value: string;
        };
        MessagePage: {
            items: components["schemas"]["ListedMessage"][];
            next: components["schemas"]["Cursor"];
        };
        Received: {
            id: string;
            kind: string;
            /** @enum {unknown} */
            state: "stored" | "refused";
            conversation: string | null;
            alreadyReceived: boolean;
            findings: components["schemas"]["Finding"][];
            receipt: {
                id: string;
                /** @description The signed receipt (CMS, DER) in base64. */
                signed: string;
            };
        };
        ReceiptSummary: {
            id: string;
            /** @enum {unknown} */
            stage: "submitted" | "relayed" | "delivered" | "retrieved" | "refused" | "expired";
            hop: string | null;
            happenedAt: components["schemas"]["Instant"];
        };
        Receipt: {
            id: string;
            messageId: string;
            /** @enum {unknown} */
            stage: "submitted" | "relayed" | "delivered" | "retrieved" | "refused" | "expired";
            hop: string | null;
            happenedAt: components["schemas"]["Instant"];
            sha256: components["schemas"]["Digest"];
        };
        ReceiptPage: {
            items: components["schemas"]["Receipt"][];
            next: components["schemas"]["Cursor"];
        };
        Conversation: {
            id: string;
            /** @enum {unknown} */
            subject: "referral" | "inquiry" | "application" | "caseload" | "money" | "general";
            openedByYou: boolean;
            referralId: string | null;
            agencyFileNumber: string | null;
            partnerFileNumber: string | null;
            openedAt: components["schemas"]["Instant"];
            lastMessageAt: components["schemas"]["Instant"];
        };
        ConversationPage: {
            items: components["schemas"]["Conversation"][];
            next: components["schemas"]["Cursor"];
        };
        SaidMessage: {
            id: string;
            /** @enum {unknown} */
            direction: "from_you" | "to_you";
            senderMessageId: string;
            kind: string;
            code: string | null;
            /** @description The message that it answers, as its sender names it. */
            inReplyTo: string | null;
            state: string;
            at: components["schemas"]["Instant"];
            receipts: components["schemas"]["ReceiptSummary"][];
        };
        ConversationWithMessages: {
            id: string;
            /** @enum {unknown} */
            subject: "referral" | "inquiry" | "application" | "caseload" | "money" | "general";
            openedByYou: boolean;
            referralId: string | null;
            agencyFileNumber: string | null;
            partnerFileNumber: string | null;
            openedAt: components["schemas"]["Instant"];
            lastMessageAt: components["schemas"]["Instant"];
            messages: components["schemas"]["SaidMessage"][];
        };
        Referral: {
            id: string;
            /** @enum {unknown} */
            direction: "to_you" | "from_you";
            services: string[];
            /** @description Where it stood when you last learned of it. */
            state: string;
            packetId: string | null;
            /** @description A correction is on its way; nothing is to be done on your side. */
            isBeingCorrected: boolean;
            /** Format: date-time */
            sentAt: string | null;
        };
        ReferralPage: {
            items: components["schemas"]["Referral"][];
            next: components["schemas"]["Cursor"];
        };
        ReferralWithMoves: {
            id: string;
            /** @enum {unknown} */
            direction: "to_you" | "from_you";
            services: string[];
            /** @description Where it stood when you last learned of it. */
            state: string;
            packetId: string | null;
            /** @description A correction is on its way; nothing is to be done on your side. */
            isBeingCorrected: boolean;
            /** Format: date-time */
            sentAt: string | null;
            /** @description What you hold must not be used any more. */
            isWithdrawn: boolean;
            moves: {
                move: string | null;
                state: string;
                hop: string | null;
                at: components["schemas"]["Instant"];
            }[];
            /** @description What you may report next. */
            allowedMoves: string[];
        };
        /** @enum {unknown} */
        Question: "status" | "last_payment" | "next_step" | "balance";
        NewInquiry: {
            county?: string | null;
            caseNumber?: string | null;
            /** @description Number under which the agency keeps it. */
            ourFileNumber?: string | null;
            /** @description Number under which you keep it. */
            partnerFileNumber?: string | null;
            person: {
                given: string;
                family: string;
                secondFamily?: string | null;
                native?: string | null;
                /** Format: date */
                birthDate: string;
                identifiers?: {
                    type: string;
                    value: string;
                }[];
            };
            asker: {
                name: string;
                /** @enum {unknown} */
                relation: "obligor" | "obligee" | "caretaker" | "representative";
                /** @enum {unknown} */
                documentShown: "passport" | "consular_id" | "national_id" | "resident_card" | "driver_licence" | "other";
            };
            questions: components["schemas"]["Question"][];
            consent?: {
                givenBy: string;
                /** Format: date */
                on: string;
                language: string;
                /** @enum {unknown} */
                form: "signed" | "verbal_recorded";
                textVersion: string;
                questions: components["schemas"]["Question"][];
            };
            /** @description A consent that was recorded before and still holds. */
            consentId?: string | null;
        };
        Inquiry: {
            id: string;
            /** @enum {unknown} */
            state: "received" | "with_person" | "answered" | "declined";
            questions: components["schemas"]["Question"][];
            askedAt: components["schemas"]["Instant"];
            /** Format: date */
            answerBy: string;
            /** Format: date-time */
            answeredAt: string | null;
        };
        InquiryPage: {
            items: components["schemas"]["Inquiry"][];
            next: components["schemas"]["Cursor"];
        };
        InquiryWithAnswer: {
            id: string;
            /** @enum {unknown} */
            state: "received" | "with_person" | "answered" | "declined";
            questions: components["schemas"]["Question"][];
            askedAt: components["schemas"]["Instant"];
            /** Format: date */
            answerBy: string;
            /** Format: date-time */
            answeredAt: string | null;
            /** @description What was answered, the first one first; a later one corrects those before it. Facts, or words of a person. */
            answers: {
                answeredAt: components["schemas"]["Instant"];
                /** @description What is told; what is not told is left out. */
                facts: {
                    /** Format: date */
                    asOf: string;
                    status?: {
                        /** @enum {unknown} */
                        case: "open" | "closed";
                        /** Format: date */
                        closedOn: string | null;
                        request: string | null;
                    };
                    lastPayment?: {
                        /** Format: date */
                        on: string;
                        amount: string;
                        currency: string;
                    } | null;
                    nextStep?: string;
                    balance?: {
                        amount: string;
                        currency: string;
                        /** Format: date */
                        asOf: string;
                    }[];
                } | null;
                /** @description By language. */
                texts: {
                    [key: string]: string;
                } | null;
            }[];
        };
        language: string;
        text: string & (unknown & unknown);
        country: string;
        /** Format: date */
        date: string;
        named: {
            lang: components["schemas"]["language"];
            value: components["schemas"]["text"];
        };
        address: {
            country: components["schemas"]["country"];
            verifiedOn?: components["schemas"]["date"];
            line?: components["schemas"]["text"][];
            neighborhood?: components["schemas"]["text"];
            locality?: components["schemas"]["text"];
            region?: components["schemas"]["text"];
            postalCode?: components["schemas"]["text"];
        };
        county: string;
        id: string;
        hop: string;
        /** Format: date-time */
        instant: string;
        /** @enum {string} */
        role: "obligor" | "alleged_parent" | "obligee" | "caretaker" | "dependent";
        personName: {
            given?: components["schemas"]["text"];
            family?: components["schemas"]["text"];
            secondFamily?: components["schemas"]["text"];
            native?: components["schemas"]["text"];
            alias?: components["schemas"]["text"][];
        };
        identifier: {
            type: components["schemas"]["id"];
            country?: components["schemas"]["country"];
            value: components["schemas"]["text"];
        };
        employer: {
            name: components["schemas"]["text"];
            address?: components["schemas"]["address"];
        };
        code: string;
        decimal: string;
        currency: string;
        jurisdiction: string;
        obligation: {
            obligationId: components["schemas"]["id"];
            kind: components["schemas"]["code"];
            amount: components["schemas"]["decimal"];
            currency: components["schemas"]["currency"];
            frequency: components["schemas"]["code"];
            startsOn: components["schemas"]["date"];
            endsOn?: components["schemas"]["date"];
            for?: components["schemas"]["id"][];
        };
        caseId: string;
        party: {
            participantId: components["schemas"]["id"];
            role: components["schemas"]["role"];
            protected: boolean;
            name: components["schemas"]["personName"];
            sex?: string;
            birthDate?: components["schemas"]["date"];
            birthPlace?: components["schemas"]["text"];
            nationality?: components["schemas"]["country"][];
            address?: components["schemas"]["address"];
            phone?: components["schemas"]["text"][];
            email?: components["schemas"]["text"][];
            identifier?: components["schemas"]["identifier"][];
            employer?: components["schemas"]["employer"];
        };
        order: {
            orderId: components["schemas"]["id"];
            jurisdiction?: components["schemas"]["jurisdiction"];
            issuedOn: components["schemas"]["date"];
            parentageEstablished: boolean;
            tribunal?: components["schemas"]["text"];
            docketNumber?: components["schemas"]["text"];
            obligation?: components["schemas"]["obligation"][];
        };
        balance: {
            bucket: components["schemas"]["code"];
            amount: components["schemas"]["decimal"];
            currency: components["schemas"]["currency"];
            asOf: components["schemas"]["date"];
        };
        month: string;
        arrearsMonth: {
            month: components["schemas"]["month"];
            charged: components["schemas"]["decimal"];
            adjusted: components["schemas"]["decimal"];
            paid: components["schemas"]["decimal"];
            paidToCurrent: components["schemas"]["decimal"];
            paidToPrincipal: components["schemas"]["decimal"];
            paidToInterest: components["schemas"]["decimal"];
            principal: components["schemas"]["decimal"];
            interestCharged: components["schemas"]["decimal"];
            interest: components["schemas"]["decimal"];
        };
        place: string;
        paragraph: string & unknown;
        sha256: string;
        puenteId: string;
        /** @enum {string} */
        service: "locate" | "establish_parentage" | "establish_order" | "register_enforce" | "enforce" | "modify" | "collect_forward" | "serve_documents" | "obtain_evidence" | "status" | "payment_location" | "close";
        office: {
            name: components["schemas"]["named"][];
            address?: components["schemas"]["address"];
        };
        supportCase: {
            caseId?: components["schemas"]["caseId"];
            openedOn: components["schemas"]["date"];
            assistance?: components["schemas"]["code"];
            party: components["schemas"]["party"][];
            order?: components["schemas"]["order"][];
            balance?: components["schemas"]["balance"][];
        };
        arrears: {
            currency: components["schemas"]["currency"];
            from: components["schemas"]["date"];
            until: components["schemas"]["date"];
            principal: components["schemas"]["decimal"];
            interest: components["schemas"]["decimal"];
            owed: components["schemas"]["decimal"];
            rule?: {
                ruleId: components["schemas"]["id"];
                jurisdiction: components["schemas"]["jurisdiction"];
                ratePercent: components["schemas"]["decimal"];
                citation: components["schemas"]["text"];
            };
            month: components["schemas"]["arrearsMonth"][];
        };
        answer: {
            section: components["schemas"]["place"];
            field: components["schemas"]["place"];
            of?: components["schemas"]["id"];
            value?: components["schemas"]["text"];
            row?: {
                cell: {
                    field: components["schemas"]["place"];
                    value: components["schemas"]["text"];
                }[];
            }[];
        };
        narrative: {
            id: components["schemas"]["id"];
            of?: components["schemas"]["id"];
            sourceLanguage: components["schemas"]["language"];
            targetLanguage: components["schemas"]["language"];
            translator: components["schemas"]["text"];
            qualification: components["schemas"]["text"];
            translatedOn: components["schemas"]["date"];
            segment: {
                source: components["schemas"]["paragraph"];
                target: components["schemas"]["paragraph"];
            }[];
        };
        attachment: {
            attachmentId: components["schemas"]["id"];
            kind: components["schemas"]["code"];
            of?: components["schemas"]["id"];
            fileName: components["schemas"]["text"];
            mediaType: components["schemas"]["text"];
            pages: number;
            byteCount: number;
            sha256: components["schemas"]["sha256"];
            language?: components["schemas"]["language"];
            translatedBy?: components["schemas"]["id"];
            noTranslation?: components["schemas"]["code"];
            officialForm?: components["schemas"]["code"];
        };
        /** @enum {string} */
        acknowledgmentStatus: "complete" | "missing_items" | "forwarded" | "case_not_recognised";
        coded: {
            code: components["schemas"]["code"];
            of?: components["schemas"]["id"];
            citation?: components["schemas"]["text"];
        };
        receivingOffice: {
            partnerId?: components["schemas"]["id"];
            county?: components["schemas"]["county"];
            country?: components["schemas"]["country"];
            hop?: components["schemas"]["hop"];
            forwardedOn?: components["schemas"]["date"];
            fileNumber?: components["schemas"]["text"];
            name: components["schemas"]["named"][];
            address?: components["schemas"]["address"];
        };
        remark: {
            sourceLanguage: components["schemas"]["language"];
            targetLanguage?: components["schemas"]["language"];
            translator?: components["schemas"]["text"];
            qualification?: components["schemas"]["text"];
            translatedOn?: components["schemas"]["date"];
            segment: {
                source: components["schemas"]["paragraph"];
                target?: components["schemas"]["paragraph"];
            }[];
        };
        milestone: {
            kind: components["schemas"]["code"];
            on: components["schemas"]["date"];
            of?: components["schemas"]["id"];
        };
        lastPayment: {
            amount: components["schemas"]["decimal"];
            currency: components["schemas"]["currency"];
            on: components["schemas"]["date"];
        };
        nextStep: {
            kind: components["schemas"]["code"];
            expectedBy?: components["schemas"]["date"];
        };
        enclosure: {
            attachmentId: components["schemas"]["id"];
            kind: components["schemas"]["code"];
            of?: components["schemas"]["id"];
            fileName: components["schemas"]["text"];
            mediaType: components["schemas"]["text"];
            byteCount: number;
            sha256: components["schemas"]["sha256"];
            pages?: number;
            language?: components["schemas"]["language"];
        };
        requestedDocument: {
            itemId?: components["schemas"]["id"];
            kind: components["schemas"]["code"];
            of?: components["schemas"]["id"];
            from?: components["schemas"]["date"];
            until?: components["schemas"]["date"];
            form?: components["schemas"]["code"];
            copies?: number;
        };
        statedPerson: {
            personId?: components["schemas"]["id"];
            role?: components["schemas"]["role"];
            name: components["schemas"]["personName"];
            birthDate?: components["schemas"]["date"];
            identifier?: components["schemas"]["identifier"][];
        };
        suppliedDocument: {
            itemId?: components["schemas"]["id"];
            kind: components["schemas"]["code"];
            of?: components["schemas"]["id"];
            from?: components["schemas"]["date"];
            until?: components["schemas"]["date"];
            form?: components["schemas"]["code"];
            attachment: components["schemas"]["enclosure"][];
        };
        unavailableDocument: {
            itemId?: components["schemas"]["id"];
            kind: components["schemas"]["code"];
            of?: components["schemas"]["id"];
            reason: components["schemas"]["code"];
            expectedOn?: components["schemas"]["date"];
        };
        consent: {
            reference: components["schemas"]["id"];
            kind: components["schemas"]["code"];
            of?: components["schemas"]["id"];
            givenOn: components["schemas"]["date"];
            until?: components["schemas"]["date"];
            sha256?: components["schemas"]["sha256"];
        };
        /** @enum {string} */
        replyStatus: "answered" | "partly" | "not_answered";
        fact: {
            kind: components["schemas"]["code"];
            code?: components["schemas"]["code"];
            on?: components["schemas"]["date"];
            amount?: components["schemas"]["decimal"];
            currency?: components["schemas"]["currency"];
            text?: components["schemas"]["named"][];
        };
        account: {
            scheme: components["schemas"]["code"];
            country?: components["schemas"]["country"];
            currency?: components["schemas"]["currency"];
            holder?: components["schemas"]["text"];
            bank?: components["schemas"]["text"];
            value: components["schemas"]["text"];
        };
        rate: string;
        remittanceLine: {
            folio: components["schemas"]["text"];
            fromFileNumber?: components["schemas"]["text"];
            toFileNumber?: components["schemas"]["text"];
            gross: components["schemas"]["decimal"];
            grossCurrency: components["schemas"]["currency"];
            rate?: components["schemas"]["rate"];
            rateSource?: components["schemas"]["text"];
            rateOn?: components["schemas"]["date"];
            fee: components["schemas"]["decimal"];
            net: components["schemas"]["decimal"];
            collectedOn: components["schemas"]["date"];
            receivedOn?: components["schemas"]["date"];
            sentOn: components["schemas"]["date"];
            concept?: components["schemas"]["code"];
            debtor: components["schemas"]["personName"];
            creditor: components["schemas"]["personName"];
            note?: components["schemas"]["named"][];
        };
        /** @enum {string} */
        forwardingStatus: "delivered" | "returned" | "pending" | "cancelled";
        forwardingLine: {
            folio: components["schemas"]["text"];
            disbursementId?: components["schemas"]["text"];
            fromFileNumber?: components["schemas"]["text"];
            toFileNumber?: components["schemas"]["text"];
            status: components["schemas"]["forwardingStatus"];
            on: components["schemas"]["date"];
            gross: components["schemas"]["decimal"];
            grossCurrency: components["schemas"]["currency"];
            rate?: components["schemas"]["rate"];
            fee?: components["schemas"]["decimal"];
            delivered?: components["schemas"]["decimal"];
            deliveredCurrency?: components["schemas"]["currency"];
            reason?: components["schemas"]["code"];
            creditor: components["schemas"]["personName"];
            note?: components["schemas"]["named"][];
        };
        confirmedLine: {
            folio: components["schemas"]["text"];
            sent: components["schemas"]["decimal"];
            received: components["schemas"]["decimal"];
            currency: components["schemas"]["currency"];
            reason?: components["schemas"]["code"];
        };
        /** @enum {string} */
        caseState: "open" | "closed";
        casePair: {
            fromFileNumber?: components["schemas"]["text"];
            toFileNumber?: components["schemas"]["text"];
            state: components["schemas"]["caseState"];
            openedOn?: components["schemas"]["date"];
            closedOn?: components["schemas"]["date"];
            debtor?: components["schemas"]["personName"];
            creditor?: components["schemas"]["personName"];
        };
        /** @enum {string} */
        overdue: "response" | "attachments";
        change: {
            kind: components["schemas"]["code"];
            of?: components["schemas"]["id"];
            on?: components["schemas"]["date"];
            code?: components["schemas"]["code"];
            text?: components["schemas"]["named"][];
        };
        serial: string;
        functionCode: string;
        actionCode: string;
        reasonCode: string;
        correspondent: {
            county?: components["schemas"]["county"];
            partnerId?: components["schemas"]["id"];
            country?: components["schemas"]["country"];
            fileNumber?: components["schemas"]["text"];
            name: components["schemas"]["named"][];
            address?: components["schemas"]["address"];
        };
        relay: {
            partnerId?: components["schemas"]["id"];
            county?: components["schemas"]["county"];
            country?: components["schemas"]["country"];
            hop?: components["schemas"]["hop"];
            receivedAt?: components["schemas"]["instant"];
            relayedAt: components["schemas"]["instant"];
            fileNumber?: components["schemas"]["text"];
            name: components["schemas"]["named"][];
            address?: components["schemas"]["address"];
        };
        referral: {
            referralId: components["schemas"]["puenteId"];
            service: components["schemas"]["service"][];
            legalBasis?: components["schemas"]["id"][];
            payTo: components["schemas"]["office"];
            supportCase: components["schemas"]["supportCase"];
            arrears?: components["schemas"]["arrears"][];
            answer?: components["schemas"]["answer"][];
            narrative?: components["schemas"]["narrative"][];
            attachment?: components["schemas"]["attachment"][];
        };
        acknowledgment: {
            status: components["schemas"]["acknowledgmentStatus"];
            receivedOn: components["schemas"]["date"];
            missing?: components["schemas"]["coded"][];
            forwardedTo?: components["schemas"]["receivingOffice"];
            notRecognised?: components["schemas"]["text"][];
            remark?: components["schemas"]["remark"][];
        };
        statusRequest: {
            since?: components["schemas"]["date"];
            question?: components["schemas"]["code"][];
            remark?: components["schemas"]["remark"][];
        };
        statusReport: {
            state: components["schemas"]["code"];
            asOf: components["schemas"]["date"];
            lastReportOn?: components["schemas"]["date"];
            milestone?: components["schemas"]["milestone"][];
            lastPayment?: components["schemas"]["lastPayment"];
            nextStep?: components["schemas"]["nextStep"][];
            remark?: components["schemas"]["remark"][];
            attachment?: components["schemas"]["enclosure"][];
        };
        documentRequest: {
            requestId: components["schemas"]["id"];
            neededBy?: components["schemas"]["date"];
            document: components["schemas"]["requestedDocument"][];
            person?: components["schemas"]["statedPerson"][];
            remark?: components["schemas"]["remark"][];
        };
        documentResponse: {
            requestId?: components["schemas"]["id"];
            document?: components["schemas"]["suppliedDocument"][];
            notAvailable?: components["schemas"]["unavailableDocument"][];
            remark?: components["schemas"]["remark"][];
        };
        inquiry: {
            inquiryId?: components["schemas"]["id"];
            question: components["schemas"]["code"][];
            person?: components["schemas"]["statedPerson"];
            consent?: components["schemas"]["consent"][];
            remark?: components["schemas"]["remark"][];
        };
        reply: {
            status: components["schemas"]["replyStatus"];
            inquiryId?: components["schemas"]["id"];
            fact?: components["schemas"]["fact"][];
            withheld?: components["schemas"]["coded"][];
            remark?: components["schemas"]["remark"][];
            attachment?: components["schemas"]["enclosure"][];
        };
        orderChange: {
            change: components["schemas"]["code"];
            effectiveOn: components["schemas"]["date"];
            order: components["schemas"]["order"][];
            remark?: components["schemas"]["remark"][];
            attachment?: components["schemas"]["enclosure"][];
        };
        paymentLocationChange: {
            change: components["schemas"]["code"];
            effectiveOn: components["schemas"]["date"];
            payTo: components["schemas"]["office"];
            account?: components["schemas"]["account"][];
            remark?: components["schemas"]["remark"][];
            attachment?: components["schemas"]["enclosure"][];
        };
        remittanceAdvice: {
            transferNumber: components["schemas"]["text"];
            sentOn: components["schemas"]["date"];
            total: components["schemas"]["decimal"];
            currency: components["schemas"]["currency"];
            lineCount: number;
            line: components["schemas"]["remittanceLine"][];
            remark?: components["schemas"]["remark"][];
        };
        forwardingReport: {
            lineCount: number;
            line: components["schemas"]["forwardingLine"][];
            remark?: components["schemas"]["remark"][];
        };
        receiptConfirmation: {
            transferNumber: components["schemas"]["text"];
            receivedOn: components["schemas"]["date"];
            sent: components["schemas"]["decimal"];
            received: components["schemas"]["decimal"];
            currency: components["schemas"]["currency"];
            receivedEqualsSent: boolean;
            reason?: components["schemas"]["code"];
            line?: components["schemas"]["confirmedLine"][];
            remark?: components["schemas"]["remark"][];
        };
        caseloadReconciliation: {
            asOf: components["schemas"]["date"];
            pairCount: number;
            part?: number;
            parts?: number;
            pair: components["schemas"]["casePair"][];
            remark?: components["schemas"]["remark"][];
        };
        withdrawal: {
            reason: components["schemas"]["code"];
            effectiveOn?: components["schemas"]["date"];
            remark?: components["schemas"]["remark"][];
        };
        closureNotice: {
            reason: components["schemas"]["code"];
            citation?: components["schemas"]["text"];
            closedOn?: components["schemas"]["date"];
            closesUnlessBy?: components["schemas"]["date"];
            remark?: components["schemas"]["remark"][];
            attachment?: components["schemas"]["enclosure"][];
        };
        reminder: {
            of: components["schemas"]["id"];
            overdue: components["schemas"]["overdue"];
            dueOn: components["schemas"]["date"];
            count?: number;
            awaited?: components["schemas"]["coded"][];
            remark?: components["schemas"]["remark"][];
        };
        refusal: {
            of: components["schemas"]["id"];
            reason: components["schemas"]["coded"][];
            remark?: components["schemas"]["remark"][];
        };
        application: {
            applicationId: components["schemas"]["id"];
            takenOn: components["schemas"]["date"];
            agreementId?: components["schemas"]["id"];
            applicant: components["schemas"]["id"];
            service: components["schemas"]["service"][];
            party: components["schemas"]["party"][];
            consent: components["schemas"]["consent"][];
            order?: components["schemas"]["order"][];
            remark?: components["schemas"]["remark"][];
            attachment?: components["schemas"]["enclosure"][];
        };
        informationUpdate: {
            asOf: components["schemas"]["date"];
            change: components["schemas"]["change"][];
            party?: components["schemas"]["party"][];
            balance?: components["schemas"]["balance"][];
            remark?: components["schemas"]["remark"][];
            attachment?: components["schemas"]["enclosure"][];
        };
        /**
         * Message, version 1
         * @description What Puente and a partner say to each other, version 1. A published version is never edited. Amounts are decimal strings in major units with an ISO 4217 code; dates are calendar dates; countries are ISO 3166-1 alpha-2. A party marked protected="true" carries no datum that would tell where the person is; absent data are not stated. Who sends is either an agency (county) or a partner (partnerId, country), and so is who is meant; exactly one of the two is stated of each, and one of each kind. fileNumber is the number under which that office keeps the case: on "from" the sender's own, on "to" the receiver's, where it is known. supportCase/caseId is the sender's own number where it has the form of an agency's. Version 1.1 only adds, so every document of 1.0 stays valid and means what it meant. 1.0 is a referral in a sealed packet: packetId, and none of the following. 1.1 says everything else that correspondents say, one thing a message: - messageId is the sender's own and never used twice; serial is twelve digits, never used twice by a sender, gaps allowed (as in the header of CSENet 2000); conversation is the id that the opener gave, used by both sides; inReplyTo is the messageId answered; sentAt says its zone. - function, action and reason are a triple of CSENet where one exists: all three are stated, or none. - referralId names the referral it is about, where that is known; packetId is the packet in which a referral travels, and only a referral has one. - via: each office that passed it on, in that order, with its own file number. - Which of these each kind needs is told by src/modules/exchange/messages/message-kinds.json, not by this schema. Codes of type "code" that a reader does not know are shown as they stand, never taken for another. The JSON form (schemas/json/message.v1.json) is made from this file: an attribute or element is a property of its name, repeated elements are arrays, an element with attributes and text has its text as "value", xs:boolean is a boolean, xs:positiveInteger an integer, everything else a string. What is absent is left out; there are no nulls and no empty lists.
         */
        "message.v1": {
            version: string;
            packetId?: components["schemas"]["puenteId"];
            datedOn: components["schemas"]["date"];
            messageId?: components["schemas"]["id"];
            serial?: components["schemas"]["serial"];
            conversation?: components["schemas"]["id"];
            inReplyTo?: components["schemas"]["id"];
            sentAt?: components["schemas"]["instant"];
            function?: components["schemas"]["functionCode"];
            action?: components["schemas"]["actionCode"];
            reason?: components["schemas"]["reasonCode"];
            referralId?: components["schemas"]["id"];
            from: components["schemas"]["correspondent"];
            to: components["schemas"]["correspondent"];
            via?: components["schemas"]["relay"][];
            referral?: components["schemas"]["referral"];
            acknowledgment?: components["schemas"]["acknowledgment"];
            statusRequest?: components["schemas"]["statusRequest"];
            statusReport?: components["schemas"]["statusReport"];
            documentRequest?: components["schemas"]["documentRequest"];
            documentResponse?: components["schemas"]["documentResponse"];
            inquiry?: components["schemas"]["inquiry"];
            reply?: components["schemas"]["reply"];
            orderChange?: components["schemas"]["orderChange"];
            paymentLocationChange?: components["schemas"]["paymentLocationChange"];
            remittanceAdvice?: components["schemas"]["remittanceAdvice"];
            forwardingReport?: components["schemas"]["forwardingReport"];
            receiptConfirmation?: components["schemas"]["receiptConfirmation"];
            caseloadReconciliation?: components["schemas"]["caseloadReconciliation"];
            withdrawal?: components["schemas"]["withdrawal"];
            closureNotice?: components["schemas"]["closureNotice"];
            reminder?: components["schemas"]["reminder"];
            refusal?: components["schemas"]["refusal"];
            application?: components["schemas"]["application"];
            informationUpdate?: components["schemas"]["informationUpdate"];
            $defs: {
                puenteId: string;
                /** Format: date */
                date: string;
                id: string;
                serial: string;
                /** Format: date-time */
                instant: string;
                functionCode: string;
                actionCode: string;
                reasonCode: string;
                text: string & (unknown & unknown);
                language: string;
                country: string;
                county: string;
                hop: string;
                /** @enum {string} */
                service: "locate" | "establish_parentage" | "establish_order" | "register_enforce" | "enforce" | "modify" | "collect_forward" | "serve_documents" | "obtain_evidence" | "status" | "payment_location" | "close";
                caseId: string;
                code: string;
                /** @enum {string} */
                role: "obligor" | "alleged_parent" | "obligee" | "caretaker" | "dependent";
                jurisdiction: string;
                decimal: string;
                currency: string;
                month: string;
                place: string;
                paragraph: string & unknown;
                sha256: string;
                /** @enum {string} */
                acknowledgmentStatus: "complete" | "missing_items" | "forwarded" | "case_not_recognised";
                /** @enum {string} */
                replyStatus: "answered" | "partly" | "not_answered";
                rate: string;
                /** @enum {string} */
                forwardingStatus: "delivered" | "returned" | "pending" | "cancelled";
                /** @enum {string} */
                caseState: "open" | "closed";
                /** @enum {string} */
                overdue: "response" | "attachments";
                named: {
                    lang: components["schemas"]["language"];
                    value: components["schemas"]["text"];
                };
                address: {
                    country: components["schemas"]["country"];
                    verifiedOn?: components["schemas"]["date"];
                    line?: components["schemas"]["text"][];
                    neighborhood?: components["schemas"]["text"];
                    locality?: components["schemas"]["text"];
                    region?: components["schemas"]["text"];
                    postalCode?: components["schemas"]["text"];
                };
                office: {
                    name: components["schemas"]["named"][];
                    address?: components["schemas"]["address"];
                };
                correspondent: {
                    county?: components["schemas"]["county"];
                    partnerId?: components["schemas"]["id"];
                    country?: components["schemas"]["country"];
                    fileNumber?: components["schemas"]["text"];
                    name: components["schemas"]["named"][];
                    address?: components["schemas"]["address"];
                };
                relay: {
                    partnerId?: components["schemas"]["id"];
                    county?: components["schemas"]["county"];
                    country?: components["schemas"]["country"];
                    hop?: components["schemas"]["hop"];
                    receivedAt?: components["schemas"]["instant"];
                    relayedAt: components["schemas"]["instant"];
                    fileNumber?: components["schemas"]["text"];
                    name: components["schemas"]["named"][];
                    address?: components["schemas"]["address"];
                };
                personName: {
                    given?: components["schemas"]["text"];
                    family?: components["schemas"]["text"];
                    secondFamily?: components["schemas"]["text"];
                    native?: components["schemas"]["text"];
                    alias?: components["schemas"]["text"][];
                };
                identifier: {
                    type: components["schemas"]["id"];
                    country?: components["schemas"]["country"];
                    value: components["schemas"]["text"];
                };
                employer: {
                    name: components["schemas"]["text"];
                    address?: components["schemas"]["address"];
                };
                party: {
                    participantId: components["schemas"]["id"];
                    role: components["schemas"]["role"];
                    protected: boolean;
                    name: components["schemas"]["personName"];
                    sex?: string;
                    birthDate?: components["schemas"]["date"];
                    birthPlace?: components["schemas"]["text"];
                    nationality?: components["schemas"]["country"][];
                    address?: components["schemas"]["address"];
                    phone?: components["schemas"]["text"][];
                    email?: components["schemas"]["text"][];
                    identifier?: components["schemas"]["identifier"][];
                    employer?: components["schemas"]["employer"];
                };
                obligation: {
                    obligationId: components["schemas"]["id"];
                    kind: components["schemas"]["code"];
                    amount: components["schemas"]["decimal"];
                    currency: components["schemas"]["currency"];
                    frequency: components["schemas"]["code"];
                    startsOn: components["schemas"]["date"];
                    endsOn?: components["schemas"]["date"];
                    for?: components["schemas"]["id"][];
                };
                order: {
                    orderId: components["schemas"]["id"];
                    jurisdiction?: components["schemas"]["jurisdiction"];
                    issuedOn: components["schemas"]["date"];
                    parentageEstablished: boolean;
                    tribunal?: components["schemas"]["text"];
                    docketNumber?: components["schemas"]["text"];
                    obligation?: components["schemas"]["obligation"][];
                };
                balance: {
                    bucket: components["schemas"]["code"];
                    amount: components["schemas"]["decimal"];
                    currency: components["schemas"]["currency"];
                    asOf: components["schemas"]["date"];
                };
                supportCase: {
                    caseId?: components["schemas"]["caseId"];
                    openedOn: components["schemas"]["date"];
                    assistance?: components["schemas"]["code"];
                    party: components["schemas"]["party"][];
                    order?: components["schemas"]["order"][];
                    balance?: components["schemas"]["balance"][];
                };
                arrearsMonth: {
                    month: components["schemas"]["month"];
                    charged: components["schemas"]["decimal"];
                    adjusted: components["schemas"]["decimal"];
                    paid: components["schemas"]["decimal"];
                    paidToCurrent: components["schemas"]["decimal"];
                    paidToPrincipal: components["schemas"]["decimal"];
                    paidToInterest: components["schemas"]["decimal"];
                    principal: components["schemas"]["decimal"];
                    interestCharged: components["schemas"]["decimal"];
                    interest: components["schemas"]["decimal"];
                };
                arrears: {
                    currency: components["schemas"]["currency"];
                    from: components["schemas"]["date"];
                    until: components["schemas"]["date"];
                    principal: components["schemas"]["decimal"];
                    interest: components["schemas"]["decimal"];
                    owed: components["schemas"]["decimal"];
                    rule?: {
                        ruleId: components["schemas"]["id"];
                        jurisdiction: components["schemas"]["jurisdiction"];
                        ratePercent: components["schemas"]["decimal"];
                        citation: components["schemas"]["text"];
                    };
                    month: components["schemas"]["arrearsMonth"][];
                };
                answer: {
                    section: components["schemas"]["place"];
                    field: components["schemas"]["place"];
                    of?: components["schemas"]["id"];
                    value?: components["schemas"]["text"];
                    row?: {
                        cell: {
                            field: components["schemas"]["place"];
                            value: components["schemas"]["text"];
                        }[];
                    }[];
                };
                narrative: {
                    id: components["schemas"]["id"];
                    of?: components["schemas"]["id"];
                    sourceLanguage: components["schemas"]["language"];
                    targetLanguage: components["schemas"]["language"];
                    translator: components["schemas"]["text"];
                    qualification: components["schemas"]["text"];
                    translatedOn: components["schemas"]["date"];
                    segment: {
                        source: components["schemas"]["paragraph"];
                        target: components["schemas"]["paragraph"];
                    }[];
                };
                attachment: {
                    attachmentId: components["schemas"]["id"];
                    kind: components["schemas"]["code"];
                    of?: components["schemas"]["id"];
                    fileName: components["schemas"]["text"];
                    mediaType: components["schemas"]["text"];
                    pages: number;
                    byteCount: number;
                    sha256: components["schemas"]["sha256"];
                    language?: components["schemas"]["language"];
                    translatedBy?: components["schemas"]["id"];
                    noTranslation?: components["schemas"]["code"];
                    officialForm?: components["schemas"]["code"];
                };
                referral: {
                    referralId: components["schemas"]["puenteId"];
                    service: components["schemas"]["service"][];
                    legalBasis?: components["schemas"]["id"][];
                    payTo: components["schemas"]["office"];
                    supportCase: components["schemas"]["supportCase"];
                    arrears?: components["schemas"]["arrears"][];
                    answer?: components["schemas"]["answer"][];
                    narrative?: components["schemas"]["narrative"][];
                    attachment?: components["schemas"]["attachment"][];
                };
                coded: {
                    code: components["schemas"]["code"];
                    of?: components["schemas"]["id"];
                    citation?: components["schemas"]["text"];
                };
                receivingOffice: {
                    partnerId?: components["schemas"]["id"];
                    county?: components["schemas"]["county"];
                    country?: components["schemas"]["country"];
                    hop?: components["schemas"]["hop"];
                    forwardedOn?: components["schemas"]["date"];
                    fileNumber?: components["schemas"]["text"];
                    name: components["schemas"]["named"][];
                    address?: components["schemas"]["address"];
                };
                remark: {
                    sourceLanguage: components["schemas"]["language"];
                    targetLanguage?: components["schemas"]["language"];
                    translator?: components["schemas"]["text"];
                    qualification?: components["schemas"]["text"];
                    translatedOn?: components["schemas"]["date"];
                    segment: {
                        source: components["schemas"]["paragraph"];
                        target?: components["schemas"]["paragraph"];
                    }[];
                };
                acknowledgment: {
                    status: components["schemas"]["acknowledgmentStatus"];
                    receivedOn: components["schemas"]["date"];
                    missing?: components["schemas"]["coded"][];
                    forwardedTo?: components["schemas"]["receivingOffice"];
                    notRecognised?: components["schemas"]["text"][];
                    remark?: components["schemas"]["remark"][];
                };
                statusRequest: {
                    since?: components["schemas"]["date"];
                    question?: components["schemas"]["code"][];
                    remark?: components["schemas"]["remark"][];
                };
                milestone: {
                    kind: components["schemas"]["code"];
                    on: components["schemas"]["date"];
                    of?: components["schemas"]["id"];
                };
                money: {
                    amount: components["schemas"]["decimal"];
                    currency: components["schemas"]["currency"];
                };
                lastPayment: {
                    amount: components["schemas"]["decimal"];
                    currency: components["schemas"]["currency"];
                    on: components["schemas"]["date"];
                };
                nextStep: {
                    kind: components["schemas"]["code"];
                    expectedBy?: components["schemas"]["date"];
                };
                enclosure: {
                    attachmentId: components["schemas"]["id"];
                    kind: components["schemas"]["code"];
                    of?: components["schemas"]["id"];
                    fileName: components["schemas"]["text"];
                    mediaType: components["schemas"]["text"];
                    byteCount: number;
                    sha256: components["schemas"]["sha256"];
                    pages?: number;
                    language?: components["schemas"]["language"];
                };
                statusReport: {
                    state: components["schemas"]["code"];
                    asOf: components["schemas"]["date"];
                    lastReportOn?: components["schemas"]["date"];
                    milestone?: components["schemas"]["milestone"][];
                    lastPayment?: components["schemas"]["lastPayment"];
                    nextStep?: components["schemas"]["nextStep"][];
                    remark?: components["schemas"]["remark"][];
                    attachment?: components["schemas"]["enclosure"][];
                };
                requestedDocument: {
                    itemId?: components["schemas"]["id"];
                    kind: components["schemas"]["code"];
                    of?: components["schemas"]["id"];
                    from?: components["schemas"]["date"];
                    until?: components["schemas"]["date"];
                    form?: components["schemas"]["code"];
                    copies?: number;
                };
                statedPerson: {
                    personId?: components["schemas"]["id"];
                    role?: components["schemas"]["role"];
                    name: components["schemas"]["personName"];
                    birthDate?: components["schemas"]["date"];
                    identifier?: components["schemas"]["identifier"][];
                };
                documentRequest: {
                    requestId: components["schemas"]["id"];
                    neededBy?: components["schemas"]["date"];
                    document: components["schemas"]["requestedDocument"][];
                    person?: components["schemas"]["statedPerson"][];
                    remark?: components["schemas"]["remark"][];
                };
                suppliedDocument: {
                    itemId?: components["schemas"]["id"];
                    kind: components["schemas"]["code"];
                    of?: components["schemas"]["id"];
                    from?: components["schemas"]["date"];
                    until?: components["schemas"]["date"];
                    form?: components["schemas"]["code"];
                    attachment: components["schemas"]["enclosure"][];
                };
                unavailableDocument: {
                    itemId?: components["schemas"]["id"];
                    kind: components["schemas"]["code"];
                    of?: components["schemas"]["id"];
                    reason: components["schemas"]["code"];
                    expectedOn?: components["schemas"]["date"];
                };
                documentResponse: {
                    requestId?: components["schemas"]["id"];
                    document?: components["schemas"]["suppliedDocument"][];
                    notAvailable?: components["schemas"]["unavailableDocument"][];
                    remark?: components["schemas"]["remark"][];
                };
                consent: {
                    reference: components["schemas"]["id"];
                    kind: components["schemas"]["code"];
                    of?: components["schemas"]["id"];
                    givenOn: components["schemas"]["date"];
                    until?: components["schemas"]["date"];
                    sha256?: components["schemas"]["sha256"];
                };
                inquiry: {
                    inquiryId?: components["schemas"]["id"];
                    question: components["schemas"]["code"][];
                    person?: components["schemas"]["statedPerson"];
                    consent?: components["schemas"]["consent"][];
                    remark?: components["schemas"]["remark"][];
                };
                fact: {
                    kind: components["schemas"]["code"];
                    code?: components["schemas"]["code"];
                    on?: components["schemas"]["date"];
                    amount?: components["schemas"]["decimal"];
                    currency?: components["schemas"]["currency"];
                    text?: components["schemas"]["named"][];
                };
                reply: {
                    status: components["schemas"]["replyStatus"];
                    inquiryId?: components["schemas"]["id"];
                    fact?: components["schemas"]["fact"][];
                    withheld?: components["schemas"]["coded"][];
                    remark?: components["schemas"]["remark"][];
                    attachment?: components["schemas"]["enclosure"][];
                };
                orderChange: {
                    change: components["schemas"]["code"];
                    effectiveOn: components["schemas"]["date"];
                    order: components["schemas"]["order"][];
                    remark?: components["schemas"]["remark"][];
                    attachment?: components["schemas"]["enclosure"][];
                };
                account: {
                    scheme: components["schemas"]["code"];
                    country?: components["schemas"]["country"];
                    currency?: components["schemas"]["currency"];
                    holder?: components["schemas"]["text"];
                    bank?: components["schemas"]["text"];
                    value: components["schemas"]["text"];
                };
                paymentLocationChange: {
                    change: components["schemas"]["code"];
                    effectiveOn: components["schemas"]["date"];
                    payTo: components["schemas"]["office"];
                    account?: components["schemas"]["account"][];
                    remark?: components["schemas"]["remark"][];
                    attachment?: components["schemas"]["enclosure"][];
                };
                remittanceLine: {
                    folio: components["schemas"]["text"];
                    fromFileNumber?: components["schemas"]["text"];
                    toFileNumber?: components["schemas"]["text"];
                    gross: components["schemas"]["decimal"];
                    grossCurrency: components["schemas"]["currency"];
                    rate?: components["schemas"]["rate"];
                    rateSource?: components["schemas"]["text"];
                    rateOn?: components["schemas"]["date"];
                    fee: components["schemas"]["decimal"];
                    net: components["schemas"]["decimal"];
                    collectedOn: components["schemas"]["date"];
                    receivedOn?: components["schemas"]["date"];
                    sentOn: components["schemas"]["date"];
                    concept?: components["schemas"]["code"];
                    debtor: components["schemas"]["personName"];
                    creditor: components["schemas"]["personName"];
                    note?: components["schemas"]["named"][];
                };
                remittanceAdvice: {
                    transferNumber: components["schemas"]["text"];
                    sentOn: components["schemas"]["date"];
                    total: components["schemas"]["decimal"];
                    currency: components["schemas"]["currency"];
                    lineCount: number;
                    line: components["schemas"]["remittanceLine"][];
                    remark?: components["schemas"]["remark"][];
                };
                forwardingLine: {
                    folio: components["schemas"]["text"];
                    disbursementId?: components["schemas"]["text"];
                    fromFileNumber?: components["schemas"]["text"];
                    toFileNumber?: components["schemas"]["text"];
                    status: components["schemas"]["forwardingStatus"];
                    on: components["schemas"]["date"];
                    gross: components["schemas"]["decimal"];
                    grossCurrency: components["schemas"]["currency"];
                    rate?: components["schemas"]["rate"];
                    fee?: components["schemas"]["decimal"];
                    delivered?: components["schemas"]["decimal"];
                    deliveredCurrency?: components["schemas"]["currency"];
                    reason?: components["schemas"]["code"];
                    creditor: components["schemas"]["personName"];
                    note?: components["schemas"]["named"][];
                };
                forwardingReport: {
                    lineCount: number;
                    line: components["schemas"]["forwardingLine"][];
                    remark?: components["schemas"]["remark"][];
                };
                confirmedLine: {
                    folio: components["schemas"]["text"];
                    sent: components["schemas"]["decimal"];
                    received: components["schemas"]["decimal"];
                    currency: components["schemas"]["currency"];
                    reason?: components["schemas"]["code"];
                };
                receiptConfirmation: {
                    transferNumber: components["schemas"]["text"];
                    receivedOn: components["schemas"]["date"];
                    sent: components["schemas"]["decimal"];
                    received: components["schemas"]["decimal"];
                    currency: components["schemas"]["currency"];
                    receivedEqualsSent: boolean;
                    reason?: components["schemas"]["code"];
                    line?: components["schemas"]["confirmedLine"][];
                    remark?: components["schemas"]["remark"][];
                };
                casePair: {
                    fromFileNumber?: components["schemas"]["text"];
                    toFileNumber?: components["schemas"]["text"];
                    state: components["schemas"]["caseState"];
                    openedOn?: components["schemas"]["date"];
                    closedOn?: components["schemas"]["date"];
                    debtor?: components["schemas"]["personName"];
                    creditor?: components["schemas"]["personName"];
                };
                caseloadReconciliation: {
                    asOf: components["schemas"]["date"];
                    pairCount: number;
                    part?: number;
                    parts?: number;
                    pair: components["schemas"]["casePair"][];
                    remark?: components["schemas"]["remark"][];
                };
                withdrawal: {
                    reason: components["schemas"]["code"];
                    effectiveOn?: components["schemas"]["date"];
                    remark?: components["schemas"]["remark"][];
                };
                closureNotice: {
                    reason: components["schemas"]["code"];
                    citation?: components["schemas"]["text"];
                    closedOn?: components["schemas"]["date"];
                    closesUnlessBy?: components["schemas"]["date"];
                    remark?: components["schemas"]["remark"][];
                    attachment?: components["schemas"]["enclosure"][];
                };
                reminder: {
                    of: components["schemas"]["id"];
                    overdue: components["schemas"]["overdue"];
                    dueOn: components["schemas"]["date"];
                    count?: number;
                    awaited?: components["schemas"]["coded"][];
                    remark?: components["schemas"]["remark"][];
                };
                refusal: {
                    of: components["schemas"]["id"];
                    reason: components["schemas"]["coded"][];
                    remark?: components["schemas"]["remark"][];
                };
                application: {
                    applicationId: components["schemas"]["id"];
                    takenOn: components["schemas"]["date"];
                    agreementId?: components["schemas"]["id"];
                    applicant: components["schemas"]["id"];
                    service: components["schemas"]["service"][];
                    party: components["schemas"]["party"][];
                    consent: components["schemas"]["consent"][];
                    order?: components["schemas"]["order"][];
                    remark?: components["schemas"]["remark"][];
                    attachment?: components["schemas"]["enclosure"][];
                };
                change: {
                    kind: components["schemas"]["code"];
                    of?: components["schemas"]["id"];
                    on?: components["schemas"]["date"];
                    code?: components["schemas"]["code"];
                    text?: components["schemas"]["named"][];
                };
                informationUpdate: {
                    asOf: components["schemas"]["date"];
                    change: components["schemas"]["change"][];
                    party?: components["schemas"]["party"][];
                    balance?: components["schemas"]["balance"][];
                    remark?: components["schemas"]["remark"][];
                    attachment?: components["schemas"]["enclosure"][];
                };
            };
        } & ({
            referral: unknown;
        } | {
            acknowledgment: unknown;
        } | {
            statusRequest: unknown;
        } | {
            statusReport: unknown;
        } | {
            documentRequest: unknown;
        } | {
            documentResponse: unknown;
        } | {
            inquiry: unknown;
        } | {
            reply: unknown;
        } | {
            orderChange: unknown;
        } | {
            paymentLocationChange: unknown;
        } | {
            remittanceAdvice: unknown;
        } | {
            forwardingReport: unknown;
        } | {
            receiptConfirmation: unknown;
        } | {
            caseloadReconciliation: unknown;
        } | {
            withdrawal: unknown;
        } | {
            closureNotice: unknown;
        } | {
            reminder: unknown;
        } | {
            refusal: unknown;
        } | {
            application: unknown;
        } | {
            informationUpdate: unknown;
        });
    };
    responses: {
        /** @description Nothing new since the ETag that you named. */
        NotModified: {
            headers: {
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description The request cannot be read as this description has it. `errors` says where. */
        BadRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "/api/v1/errors/invalid-request",
                 *       "title": "The request does not match its description",
                 *       "status": 400,
                 *       "code": "api.request_invalid",
                 *       "detail": "Parts of the request are missing or malformed. See errors for details.",
                 *       "errors": [
                 *         {
                 *           "code": "api.parameter",
                 *           "pointer": "/query/limit",
                 *           "detail": "limit: expected maximum 200"
                 *         }
                 *       ],
                 *       "requestId": "3f0f9f2c-3df8-4e8e-9a67-0a3a7a2b3c55"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No credential, or one that does not let you in. Which reason is not told. */
        Unauthenticated: {
            headers: {
                "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "/api/v1/errors/unauthenticated",
                 *       "title": "Not signed in",
                 *       "status": 401,
                 *       "code": "client.refused",
                 *       "detail": "Access is refused for these credentials.",
                 *       "requestId": "3f0f9f2c-3df8-4e8e-9a67-0a3a7a2b3c55"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description You are known, and may not do this. */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "/api/v1/errors/forbidden",
                 *       "title": "Not allowed",
                 *       "status": 403,
                 *       "code": "api.scope_missing",
                 *       "detail": "This needs the scope messages:read, which the client does not have.",
                 *       "requestId": "3f0f9f2c-3df8-4e8e-9a67-0a3a7a2b3c55"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description It is not there, or not yours; which of the two is not told. */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "/api/v1/errors/not-found",
                 *       "title": "Not found",
                 *       "status": 404,
                 *       "code": "api.not_found",
                 *       "detail": "You have nothing at this address.",
                 *       "requestId": "3f0f9f2c-3df8-4e8e-9a67-0a3a7a2b3c55"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description There is no form of it that you accept. */
        NotAcceptable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "/api/v1/errors/not-acceptable",
                 *       "title": "No acceptable format",
                 *       "status": 406,
                 *       "code": "api.not_acceptable",
                 *       "detail": "Available: application/json.",
                 *       "requestId": "3f0f9f2c-3df8-4e8e-9a67-0a3a7a2b3c55"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description It clashes with what goes on at the moment; try again later. */
        Conflict: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "/api/v1/errors/conflict",
                 *       "title": "Conflict with the current state",
                 *       "status": 409,
                 *       "code": "api.request_in_progress",
                 *       "detail": "The first request with this key is still in progress.",
                 *       "requestId": "3f0f9f2c-3df8-4e8e-9a67-0a3a7a2b3c55"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is larger than what is taken here. */
        TooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "/api/v1/errors/content-too-large",
                 *       "title": "Too large",
                 *       "status": 413,
                 *       "code": "api.too_large",
                 *       "detail": "The limit is 8 MB.",
                 *       "requestId": "3f0f9f2c-3df8-4e8e-9a67-0a3a7a2b3c55"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body comes in a form that is not taken here, or is compressed. */
        UnsupportedMediaType: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "/api/v1/errors/unsupported-media-type",
                 *       "title": "Unsupported content type",
                 *       "status": 415,
                 *       "code": "api.media_type",
                 *       "detail": "Accepted here: application/json.",
                 *       "requestId": "3f0f9f2c-3df8-4e8e-9a67-0a3a7a2b3c55"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The range lies beyond the file. */
        RangeNotSatisfiable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "/api/v1/errors/range-not-satisfiable",
                 *       "title": "Range not available",
                 *       "status": 416,
                 *       "code": "api.range",
                 *       "detail": "The file has 2048 bytes.",
                 *       "requestId": "3f0f9f2c-3df8-4e8e-9a67-0a3a7a2b3c55"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description It can be read, and cannot be done as it stands. `errors` says what is wrong where. */
        Unprocessable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "/api/v1/errors/unprocessable",
                 *       "title": "Cannot be processed as sent",
                 *       "status": 422,
                 *       "code": "inquiry.invalid",
                 *       "detail": "The question cannot be taken as it stands.",
                 *       "errors": [
                 *         {
                 *           "code": "inquiry.needed",
                 *           "pointer": "/asker/name",
                 *           "detail": "This is needed."
                 *         }
                 *       ],
                 *       "requestId": "3f0f9f2c-3df8-4e8e-9a67-0a3a7a2b3c55"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description It was kept and refused; the receipt in the problem proves it. Or the idempotency key was used for another request. */
        Refused: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "/api/v1/errors/refused",
                 *       "title": "Kept and refused",
                 *       "status": 422,
                 *       "code": "message.refused",
                 *       "detail": "The message is kept and refused; errors says why.",
                 *       "errors": [
                 *         {
                 *           "code": "message.other_sender",
                 *           "pointer": "/from/partnerId",
                 *           "detail": "The sender is another."
                 *         }
                 *       ],
                 *       "received": {
                 *         "id": "msg_01KAM5T5ZV8Q0P6Y3H2N4B7C9D",
                 *         "kind": "acknowledgment",
                 *         "state": "refused",
                 *         "conversation": null,
                 *         "alreadyReceived": false,
                 *         "findings": [],
                 *         "receipt": {
                 *           "id": "rct_01KAM5T5ZV8Q0P6Y3H2N4B7C9E",
                 *           "signed": "MIIB"
                 *         }
                 *       },
                 *       "requestId": "3f0f9f2c-3df8-4e8e-9a67-0a3a7a2b3c55"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Any other problem: a fault on our side (500), or no service for the moment (503). */
        OtherProblem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "/api/v1/errors/unavailable",
                 *       "title": "Temporarily unavailable",
                 *       "status": 503,
                 *       "code": "database.unavailable",
                 *       "detail": "Try again later.",
                 *       "requestId": "3f0f9f2c-3df8-4e8e-9a67-0a3a7a2b3c55"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too many in too short a time. */
        TooManyRequests: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "/api/v1/errors/too-many-requests",
                 *       "title": "Too many requests",
                 *       "status": 429,
                 *       "code": "api.too_many",
                 *       "detail": "Wait 30 seconds.",
                 *       "requestId": "3f0f9f2c-3df8-4e8e-9a67-0a3a7a2b3c55"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        /** @description The cursor `next` of the page before. */
        After: string;
        /**
         * @description How many at most.
         * @example 20
         */
        Limit: number;
        /**
         * @description Language of titles and details.
         * @example es-MX
         */
        AcceptLanguage: string;
        /**
         * @description A name of this request that you never use for another.
         * @example 8e03978e-40d5-43e8-bc93-6894a57f9324
         */
        IdempotencyKey: string;
        /**
         * @description A name of this request that you never use for another.
         * @example 8e03978e-40d5-43e8-bc93-6894a57f9325
         */
        IdempotencyKeyOptional: string;
        /** @example msg_01KAM5T5ZV8Q0P6Y3H2N4B7C9D */
        MessageId: string;
        /** @example rct_01KAM5T5ZV8Q0P6Y3H2N4B7C9E */
        ReceiptId: string;
        /** @example ref_01KAM5T5ZV8Q0P6Y3H2N4B7C9D */
        ReferralId: string;
    };
    requestBodies: never;
    headers: {
        /**
         * @description What is left of the limit, as in draft-ietf-httpapi-ratelimit-headers.
         * @example "client";r=119;t=60
         */
        RateLimit: string;
        /**
         * @description Seconds to wait.
         * @example 30
         */
        RetryAfter: number;
        /** @description Where to read it. */
        Location: string;
        /** @description Digest of the content. */
        ETag: string;
        /** @description How to come in (RFC 6750). */
        WwwAuthenticate: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getStatus: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Language of titles and details.
                 * @example es-MX
                 */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The client as it is known here. */
            200: {
                headers: {
                    RateLimit: components["headers"]["RateLimit"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "clientId": "cli_01KAM5T5ZV8Q0P6Y3H2N4B7C9D",
                     *       "partnerId": "mx-consulate-calexico",
                     *       "agency": "us-ca",
                     *       "scopes": [
                     *         "messages:read",
                     *         "status:read"
                     *       ],
                     *       "requestsPerMinute": 120,
                     *       "now": "2026-11-22T18:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Status"];
                };
            };
            304: components["responses"]["NotModified"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            406: components["responses"]["NotAcceptable"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherProblem"];
        };
    };
    getToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": {
                    /** @constant */
                    grant_type: "client_credentials";
                    client_id?: string;
                    client_secret?: string;
                    /** @description Scopes, separated by blanks; all that the client has where it is left out. */
                    scope?: string;
                };
            };
        };
        responses: {
            /** @description The token. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "access_token": "pna_cli_01KAM5T5ZV8Q0P6Y3H2N4B7C9D_1.1795372200.65.Zm9yIGFuIGV4YW1wbGUgb25seSwgbm90IGEgc2VhbA",
                     *       "token_type": "Bearer",
                     *       "expires_in": 900,
                     *       "scope": "messages:read status:read"
                     *     }
                     */
                    "application/json": components["schemas"]["Token"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherProblem"];
        };
    };
    listMessages: {
        parameters: {
            query?: {
                /** @description The cursor `next` of the page before. */
                after?: components["parameters"]["After"];
                /**
                 * @description How many at most.
                 * @example 20
                 */
                limit?: components["parameters"]["Limit"];
            };
            header?: {
                /**
                 * @description Language of titles and details.
                 * @example es-MX
                 */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of messages. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "msg_01KAM5T5ZV8Q0P6Y3H2N4B7C9D",
                     *           "serial": "000000000042",
                     *           "kind": "statusRequest",
                     *           "code": "MSC R GRUPD",
                     *           "conversation": "CLX-2026-87",
                     *           "inReplyTo": null,
                     *           "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                     *           "size": 2140,
                     *           "hasMessage": true,
                     *           "hasFile": false,
                     *           "isEncrypted": false,
                     *           "state": "delivered",
                     *           "sentAt": "2026-11-22T17:02:11.000Z",
                     *           "expiresOn": "2027-02-20",
                     *           "agencyFileNumber": "IM-1",
                     *           "partnerFileNumber": "CLX/2026/0007"
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["MessagePage"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            406: components["responses"]["NotAcceptable"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherProblem"];
        };
    };
    sendMessage: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description A name of this request that you never use for another.
                 * @example 8e03978e-40d5-43e8-bc93-6894a57f9325
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKeyOptional"];
                /**
                 * @description Language of titles and details.
                 * @example es-MX
                 */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["message.v1"];
                "application/xml": string;
            };
        };
        responses: {
            /** @description The same message came before; this is its receipt of then. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "msg_01KAM5T5ZV8Q0P6Y3H2N4B7C9D",
                     *       "kind": "acknowledgment",
                     *       "state": "stored",
                     *       "conversation": "CLX-2026-87",
                     *       "alreadyReceived": true,
                     *       "findings": [],
                     *       "receipt": {
                     *         "id": "rct_01KAM5T5ZV8Q0P6Y3H2N4B7C9E",
                     *         "signed": "MIIB"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Received"];
                };
            };
            /** @description Kept and taken. The receipt proves it. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "msg_01KAM5T5ZV8Q0P6Y3H2N4B7C9D",
                     *       "kind": "acknowledgment",
                     *       "state": "stored",
                     *       "conversation": "CLX-2026-87",
                     *       "alreadyReceived": false,
                     *       "findings": [],
                     *       "receipt": {
                     *         "id": "rct_01KAM5T5ZV8Q0P6Y3H2N4B7C9E",
                     *         "signed": "MIIB"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Received"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            406: components["responses"]["NotAcceptable"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Refused"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherProblem"];
        };
    };
    getMessage: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Language of titles and details.
                 * @example es-MX
                 */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @example msg_01KAM5T5ZV8Q0P6Y3H2N4B7C9D */
                messageId: components["parameters"]["MessageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The message. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": "1.1",
                     *       "messageId": "msg_01KAM5T5ZV8Q0P6Y3H2N4B7C9D",
                     *       "serial": "000000000042",
                     *       "conversation": "CLX-2026-87",
                     *       "datedOn": "2026-11-22",
                     *       "sentAt": "2026-11-22T17:02:11Z",
                     *       "from": {
                     *         "county": "06025",
                     *         "country": "US",
                     *         "fileNumber": "IM-1",
                     *         "name": [
                     *           {
                     *             "lang": "en",
                     *             "value": "County of Imperial"
                     *           }
                     *         ]
                     *       },
                     *       "to": {
                     *         "partnerId": "mx-consulate-calexico",
                     *         "country": "MX",
                     *         "name": [
                     *           {
                     *             "lang": "es-MX",
                     *             "value": "Consulado de México en Calexico"
                     *           }
                     *         ]
                     *       },
                     *       "function": "MSC",
                     *       "action": "R",
                     *       "reason": "GRUPD",
                     *       "statusRequest": {
                     *         "since": "2026-09-01"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["message.v1"] | components["schemas"]["PacketCover"];
                    "application/xml": string;
                };
            };
            304: components["responses"]["NotModified"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            406: components["responses"]["NotAcceptable"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherProblem"];
        };
    };
    getMessageFile: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description One range of bytes. Several at once are answered with the whole.
                 * @example bytes=0-1023
                 */
                Range?: string;
                /**
                 * @description Language of titles and details.
                 * @example es-MX
                 */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @example msg_01KAM5T5ZV8Q0P6Y3H2N4B7C9D */
                messageId: components["parameters"]["MessageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The whole file. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description The part that was asked for. */
            206: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    /** @description Which bytes of how many. */
                    "Content-Range"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            304: components["responses"]["NotModified"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            416: components["responses"]["RangeNotSatisfiable"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherProblem"];
        };
    };
    confirmRetrieval: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Language of titles and details.
                 * @example es-MX
                 */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @example msg_01KAM5T5ZV8Q0P6Y3H2N4B7C9D */
                messageId: components["parameters"]["MessageId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is written down. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherProblem"];
        };
    };
    sendFile: {
        parameters: {
            query?: {
                /**
                 * @description What you call it.
                 * @example relacion-2026-11.csv
                 */
                fileName?: string;
            };
            header: {
                /**
                 * @description A name of this request that you never use for another.
                 * @example 8e03978e-40d5-43e8-bc93-6894a57f9324
                 */
                "Idempotency-Key": components["parameters"]["IdempotencyKey"];
                /** @description As in `sha-256=:<base64>:`. */
                "Content-Digest"?: string;
                /**
                 * @description Language of titles and details.
                 * @example es-MX
                 */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
                "application/vnd.etsi.asic-e+zip": string;
                "application/pdf": string;
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                "text/csv": string;
                "image/tiff": string;
                "image/png": string;
                "image/jpeg": string;
            };
        };
        responses: {
            /** @description The same bytes came before; this is their receipt of then. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "msg_01KAM5T5ZV8Q0P6Y3H2N4B7C9D",
                     *       "kind": "remittanceAdvice",
                     *       "state": "stored",
                     *       "conversation": null,
                     *       "alreadyReceived": true,
                     *       "findings": [],
                     *       "receipt": {
                     *         "id": "rct_01KAM5T5ZV8Q0P6Y3H2N4B7C9E",
                     *         "signed": "MIIB"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Received"];
                };
            };
            /** @description Kept and taken. The receipt proves it. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "msg_01KAM5T5ZV8Q0P6Y3H2N4B7C9D",
                     *       "kind": "remittanceAdvice",
                     *       "state": "stored",
                     *       "conversation": null,
                     *       "alreadyReceived": false,
                     *       "findings": [],
                     *       "receipt": {
                     *         "id": "rct_01KAM5T5ZV8Q0P6Y3H2N4B7C9E",
                     *         "signed": "MIIB"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Received"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            406: components["responses"]["NotAcceptable"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Refused"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherProblem"];
        };
    };
    listReceipts: {
        parameters: {
            query?: {
                /** @description The cursor `next` of the page before. */
                after?: components["parameters"]["After"];
                /**
                 * @description How many at most.
                 * @example 20
                 */
                limit?: components["parameters"]["Limit"];
            };
            header?: {
                /**
                 * @description Language of titles and details.
                 * @example es-MX
                 */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of receipts, the oldest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "rct_01KAM5T5ZV8Q0P6Y3H2N4B7C9E",
                     *           "messageId": "msg_01KAM5T5ZV8Q0P6Y3H2N4B7C9D",
                     *           "stage": "submitted",
                     *           "hop": null,
                     *           "happenedAt": "2026-11-20T17:00:01.000Z",
                     *           "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["ReceiptPage"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            406: components["responses"]["NotAcceptable"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherProblem"];
        };
    };
    sendReceipt: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description A name of this request that you never use for another.
                 * @example 8e03978e-40d5-43e8-bc93-6894a57f9325
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKeyOptional"];
                /**
                 * @description Language of titles and details.
                 * @example es-MX
                 */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-pem-file": string;
                "application/pkcs7-mime": string;
                "application/pkcs7-signature": string;
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description The same bytes came before; this is their receipt of then. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "msg_01KAM5T5ZV8Q0P6Y3H2N4B7C9D",
                     *       "kind": "receipt",
                     *       "state": "stored",
                     *       "conversation": null,
                     *       "alreadyReceived": true,
                     *       "findings": [
                     *         {
                     *           "code": "receipt.message_unknown",
                     *           "severity": "warn",
                     *           "pointer": "/messageId",
                     *           "detail": "no message of ours has this id and content"
                     *         }
                     *       ],
                     *       "receipt": {
                     *         "id": "rct_01KAM5T5ZV8Q0P6Y3H2N4B7C9E",
                     *         "signed": "MIIB"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Received"];
                };
            };
            /** @description Kept. Our receipt for yours is in the answer. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "msg_01KAM5T5ZV8Q0P6Y3H2N4B7C9D",
                     *       "kind": "receipt",
                     *       "state": "stored",
                     *       "conversation": "CLX-2026-87",
                     *       "alreadyReceived": false,
                     *       "findings": [],
                     *       "receipt": {
                     *         "id": "rct_01KAM5T5ZV8Q0P6Y3H2N4B7C9E",
                     *         "signed": "MIIB"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Received"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            406: components["responses"]["NotAcceptable"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Refused"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherProblem"];
        };
    };
    getReceipt: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Language of titles and details.
                 * @example es-MX
                 */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @example rct_01KAM5T5ZV8Q0P6Y3H2N4B7C9E */
                receiptId: components["parameters"]["ReceiptId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The receipt. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "rct_01KAM5T5ZV8Q0P6Y3H2N4B7C9E",
                     *       "messageId": "msg_01KAM5T5ZV8Q0P6Y3H2N4B7C9D",
                     *       "stage": "submitted",
                     *       "hop": null,
                     *       "happenedAt": "2026-11-20T17:00:01.000Z",
                     *       "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
                     *     }
                     */
                    "application/json": components["schemas"]["Receipt"];
                    "application/pkcs7-mime": string;
                };
            };
            304: components["responses"]["NotModified"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            406: components["responses"]["NotAcceptable"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherProblem"];
        };
    };
    listConversations: {
        parameters: {
            query?: {
                /** @description The cursor `next` of the page before. */
                after?: components["parameters"]["After"];
                /**
                 * @description How many at most.
                 * @example 20
                 */
                limit?: components["parameters"]["Limit"];
            };
            header?: {
                /**
                 * @description Language of titles and details.
                 * @example es-MX
                 */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of conversations, in the order in which they were opened. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "CLX-2026-87",
                     *           "subject": "referral",
                     *           "openedByYou": false,
                     *           "referralId": "ref_01KAM5T5ZV8Q0P6Y3H2N4B7C9D",
                     *           "agencyFileNumber": "IM-1",
                     *           "partnerFileNumber": "CLX/2026/0007",
                     *           "openedAt": "2026-11-10T17:00:00.000Z",
                     *           "lastMessageAt": "2026-11-20T17:00:01.000Z"
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["ConversationPage"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            406: components["responses"]["NotAcceptable"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherProblem"];
        };
    };
    getConversation: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Language of titles and details.
                 * @example es-MX
                 */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /**
                 * @description The id that its opener gave it.
                 * @example CLX-2026-87
                 */
                conversationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The conversation. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "CLX-2026-87",
                     *       "subject": "referral",
                     *       "openedByYou": false,
                     *       "referralId": "ref_01KAM5T5ZV8Q0P6Y3H2N4B7C9D",
                     *       "agencyFileNumber": "IM-1",
                     *       "partnerFileNumber": "CLX/2026/0007",
                     *       "openedAt": "2026-11-10T17:00:00.000Z",
                     *       "lastMessageAt": "2026-11-20T17:00:01.000Z",
                     *       "messages": [
                     *         {
                     *           "id": "msg_01KAM5T5ZV8Q0P6Y3H2N4B7C9D",
                     *           "direction": "from_you",
                     *           "senderMessageId": "CLX-2026-004711",
                     *           "kind": "acknowledgment",
                     *           "code": null,
                     *           "inReplyTo": null,
                     *           "state": "stored",
                     *           "at": "2026-11-20T17:00:01.000Z",
                     *           "receipts": [
                     *             {
                     *               "id": "rct_01KAM5T5ZV8Q0P6Y3H2N4B7C9E",
                     *               "stage": "submitted",
                     *               "hop": null,
                     *               "happenedAt": "2026-11-20T17:00:01.000Z"
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ConversationWithMessages"];
                };
            };
            304: components["responses"]["NotModified"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            406: components["responses"]["NotAcceptable"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherProblem"];
        };
    };
    listReferrals: {
        parameters: {
            query?: {
                /** @description The cursor `next` of the page before. */
                after?: components["parameters"]["After"];
                /**
                 * @description How many at most.
                 * @example 20
                 */
                limit?: components["parameters"]["Limit"];
            };
            header?: {
                /**
                 * @description Language of titles and details.
                 * @example es-MX
                 */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of referrals. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "ref_01KAM5T5ZV8Q0P6Y3H2N4B7C9D",
                     *           "direction": "to_you",
                     *           "services": [
                     *             "register_enforce"
                     *           ],
                     *           "state": "delivered",
                     *           "packetId": "pkt_01KAM5T5ZV8Q0P6Y3H2N4B7C9D",
                     *           "isBeingCorrected": false,
                     *           "sentAt": "2026-11-10T17:00:00.000Z"
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["ReferralPage"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            406: components["responses"]["NotAcceptable"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherProblem"];
        };
    };
    getReferral: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Language of titles and details.
                 * @example es-MX
                 */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @example ref_01KAM5T5ZV8Q0P6Y3H2N4B7C9D */
                referralId: components["parameters"]["ReferralId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The referral as it is shared with you. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "ref_01KAM5T5ZV8Q0P6Y3H2N4B7C9D",
                     *       "direction": "to_you",
                     *       "services": [
                     *         "register_enforce"
                     *       ],
                     *       "state": "delivered",
                     *       "packetId": "pkt_01KAM5T5ZV8Q0P6Y3H2N4B7C9D",
                     *       "isBeingCorrected": false,
                     *       "sentAt": "2026-11-10T17:00:00.000Z",
                     *       "isWithdrawn": false,
                     *       "moves": [
                     *         {
                     *           "move": "send",
                     *           "state": "sent",
                     *           "hop": null,
                     *           "at": "2026-11-10T17:00:00.000Z"
                     *         }
                     *       ],
                     *       "allowedMoves": [
                     *         "accept"
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["ReferralWithMoves"];
                };
            };
            304: components["responses"]["NotModified"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            406: components["responses"]["NotAcceptable"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherProblem"];
        };
    };
    listInquiries: {
        parameters: {
            query?: {
                /** @description The cursor `next` of the page before. */
                after?: components["parameters"]["After"];
                /**
                 * @description How many at most.
                 * @example 20
                 */
                limit?: components["parameters"]["Limit"];
            };
            header?: {
                /**
                 * @description Language of titles and details.
                 * @example es-MX
                 */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of inquiries, the newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "inq_01KAM5T5ZV8Q0P6Y3H2N4B7C9D",
                     *           "state": "answered",
                     *           "questions": [
                     *             "status"
                     *           ],
                     *           "askedAt": "2026-11-20T17:00:01.000Z",
                     *           "answerBy": "2026-12-04",
                     *           "answeredAt": "2026-11-20T17:00:04.000Z"
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["InquiryPage"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            406: components["responses"]["NotAcceptable"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherProblem"];
        };
    };
    askAboutCase: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description A name of this request that you never use for another.
                 * @example 8e03978e-40d5-43e8-bc93-6894a57f9324
                 */
                "Idempotency-Key": components["parameters"]["IdempotencyKey"];
                /**
                 * @description Language of titles and details.
                 * @example es-MX
                 */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewInquiry"];
            };
        };
        responses: {
            /** @description The question was taken. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "inq_01KAM5T5ZV8Q0P6Y3H2N4B7C9D",
                     *       "state": "received",
                     *       "questions": [
                     *         "status",
                     *         "last_payment"
                     *       ],
                     *       "askedAt": "2026-11-20T17:00:01.000Z",
                     *       "answerBy": "2026-12-04",
                     *       "answeredAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["Inquiry"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            406: components["responses"]["NotAcceptable"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Unprocessable"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherProblem"];
        };
    };
    getInquiry: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Language of titles and details.
                 * @example es-MX
                 */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @example inq_01KAM5T5ZV8Q0P6Y3H2N4B7C9D */
                inquiryId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The question, and what was answered. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "inq_01KAM5T5ZV8Q0P6Y3H2N4B7C9D",
                     *       "state": "answered",
                     *       "questions": [
                     *         "status"
                     *       ],
                     *       "askedAt": "2026-11-20T17:00:01.000Z",
                     *       "answerBy": "2026-12-04",
                     *       "answeredAt": "2026-11-20T17:00:04.000Z",
                     *       "answers": [
                     *         {
                     *           "answeredAt": "2026-11-20T17:00:04.000Z",
                     *           "facts": {
                     *             "asOf": "2026-11-20",
                     *             "status": {
                     *               "case": "open",
                     *               "closedOn": null,
                     *               "request": "in_progress"
                     *             }
                     *           },
                     *           "texts": null
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["InquiryWithAnswer"];
                };
            };
            304: components["responses"]["NotModified"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            406: components["responses"]["NotAcceptable"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherProblem"];
        };
    };
    getSchema: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example xsd */
                folder: "xsd" | "json" | "csv";
                /** @example puente-message.v1.xsd */
                file: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The schema. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                    "application/xml": string;
                };
            };
            304: components["responses"]["NotModified"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherProblem"];
        };
    };
    listErrors: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Language of titles and details.
                 * @example es-MX
                 */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The kinds. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "type": "/api/v1/errors/not-found",
                     *           "status": 404,
                     *           "title": "Not found",
                     *           "description": "What you asked for does not exist, or is not yours."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["ErrorType"][];
                    };
                };
            };
            304: components["responses"]["NotModified"];
            406: components["responses"]["NotAcceptable"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherProblem"];
        };
    };
    getError: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Language of titles and details.
                 * @example es-MX
                 */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                /** @example not-found */
                errorType: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The kind, as JSON or as a page to read. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "/api/v1/errors/not-found",
                     *       "status": 404,
                     *       "title": "Not found",
                     *       "description": "What you asked for does not exist, or is not yours."
                     *     }
                     */
                    "application/json": components["schemas"]["ErrorType"];
                    "text/html": string;
                };
            };
            304: components["responses"]["NotModified"];
            404: components["responses"]["NotFound"];
            406: components["responses"]["NotAcceptable"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherProblem"];
        };
    };
    getDescription: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is written. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/yaml": string;
                };
            };
            304: components["responses"]["NotModified"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherProblem"];
        };
    };
    getDescriptionJson: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The same as JSON. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            304: components["responses"]["NotModified"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["OtherProblem"];
        };
    };
}
