// Made from openapi.json by `npm run types`; not to be edited.

export interface paths {
    "/api/v1/acts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 全部操作记录 who did what in all meetings and to accounts, newest first
         * @description Roles: admin
         *
         *     Scope of tokens: record:read
         */
        get: operations["all-acts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/checkpoint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 存证校验点 a signed checkpoint of the log as it is
         * @description Roles: admin; printing; scanning; scrutineer; committee; auditor
         *
         *     Scope of tokens: record:read
         */
        get: operations["checkpoint"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/first": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 能否建立第一个管理员 whether there is no administrator yet */
        get: operations["first-open"];
        put?: never;
        /** 建立第一个管理员 make the first administrator, by the link that the service printed when it started; signs in */
        post: operations["first-admin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 会议列表 list meetings
         * @description Roles: admin; printing; scanning; scrutineer; committee; auditor
         *
         *     Scope of tokens: meetings:read
         */
        get: operations["list-meetings"];
        put?: never;
        /**
         * 新建会议 create a meeting, in draft
         * @description Roles: admin
         */
        post: operations["create-meeting"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 会议 get a meeting
         * @description Roles: admin; printing; scanning; scrutineer; committee; auditor
         *
         *     Scope of tokens: meetings:read
         */
        get: operations["get-meeting"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * 修改会议 change title, organiser or date of a draft
         * @description Roles: admin while draft
         */
        patch: operations["update-meeting"];
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/acts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 操作记录 who did what, newest first
         * @description Roles: admin; scrutineer; committee
         *
         *     Scope of tokens: record:read
         */
        get: operations["acts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/adjudication": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 待复核 rows that wait for the person who asks
         * @description Roles: scrutineer
         */
        get: operations["adjudication-queue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 归档情况 where export, archiving and destruction stand
         * @description Roles: admin; committee
         */
        get: operations["get-archive"];
        put?: never;
        /**
         * 归档 archive a released meeting whose records were exported, and set when its ballots are destroyed
         * @description Roles: committee while released
         */
        post: operations["archive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/archive/destruction": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * 推迟销毁 put off the date of destruction
         * @description Roles: committee while archived
         */
        put: operations["postpone-destruction"];
        /**
         * 销毁 destroy the ballots of an archived meeting, once the date has come
         * @description Roles: admin while archived; committee while archived
         */
        post: operations["destroy-ballots"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 复点 where the audit of the paper stands, and what it gave
         * @description Roles: scrutineer; committee while released, archived
         */
        get: operations["get-audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/audit/acceptance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 认可差异 certify though counts differ or the audit was not done, two scrutineers and a reason
         * @description Roles: scrutineer while balanced
         *
         *     For accounts with a password of one's own that nobody else made or changed just now: password_not_own, account_too_fresh
         */
        post: operations["accept-audit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/audit/bundles/{bundle}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * 录入手工计数 enter what one counted of a drawn bundle by hand
         * @description Roles: scrutineer while balanced
         *
         *     For accounts with a password of one's own that nobody else made or changed just now: password_not_own, account_too_fresh
         */
        put: operations["count-bundle"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/audit/code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 领取复点口令 a code for oneself, shown once; two together open what is sealed
         * @description Roles: scrutineer while sealed, open
         *
         *     For accounts with a password of one's own that nobody else made or changed just now: password_not_own, account_too_fresh
         */
        post: operations["make-audit-code"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/audit/commitment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 固定计票结果 fix the count and the bundles before dice are thrown
         * @description Roles: scrutineer while balanced
         */
        post: operations["commit-audit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/audit/comparison": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 比对 compare hand counts with the machine's, by both codes; the answer is kept nowhere
         * @description Roles: scrutineer while balanced
         *
         *     For accounts with a password of one's own that nobody else made or changed just now: password_not_own, account_too_fresh
         */
        post: operations["compare-audit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/audit/dice": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 录入骰子点数 enter the throws, two persons the same; then bundles are drawn
         * @description Roles: scrutineer while balanced
         *
         *     For accounts with a password of one's own that nobody else made or changed just now: password_not_own, account_too_fresh
         */
        post: operations["enter-dice"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/back-to-open": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 退回进行中 from balanced back to open
         * @description Roles: scrutineer while balanced
         */
        post: operations["back-to-open"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/balance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 平账 balance: refused by name while a line of the ledger breaks
         * @description Roles: scrutineer while open
         *
         *     For accounts with a password of one's own that nobody else made or changed just now: password_not_own, account_too_fresh
         */
        post: operations["balance"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/batches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 批次列表 list batches
         * @description Roles: scanning; scrutineer
         *
         *     Scope of tokens: scans:write
         */
        get: operations["list-batches"];
        put?: never;
        /**
         * 开批 open a batch of one group
         * @description Roles: scanning while open
         *
         *     Scope of tokens: scans:write
         */
        post: operations["open-batch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/batches/{batch}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 批次 a batch and its progress
         * @description Roles: scanning; scrutineer
         *
         *     Scope of tokens: scans:write
         */
        get: operations["get-batch"];
        put?: never;
        post?: never;
        /**
         * 作废批次 discard an open batch with all its images
         * @description Roles: scanning while open
         */
        delete: operations["discard-batch"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/batches/{batch}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 关闭批次 close: shuffled, order and times destroyed
         * @description Roles: scanning while open
         *
         *     Scope of tokens: scans:write
         */
        post: operations["close-batch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/batches/{batch}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 批次进度 server-sent events: `progress` with the batch whenever it changes, `end` when it is closed or gone
         * @description Roles: scanning; scrutineer
         *
         *     Scope of tokens: scans:write
         */
        get: operations["batch-events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/batches/{batch}/folder": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 取扫描仪文件夹里的文件 take the files of the scanner's folder, or stop
         * @description Roles: scanning while open
         */
        post: operations["watch-folder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/batches/{batch}/pages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 批内图像 images of an open batch, with reasons
         * @description Roles: scanning
         *
         *     Scope of tokens: scans:write
         */
        get: operations["list-batch-pages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/batches/{batch}/pages/{page}/disposal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 处理退回的票面 say what became of a rejected page
         * @description Roles: scanning while open
         */
        post: operations["dispose-page"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/batches/{batch}/pages/{page}/picture": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 批内图像的图片 picture of an image of an open batch
         * @description Roles: scanning
         */
        get: operations["batch-page-picture"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/batches/{batch}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 暂停或继续识读 pause the reading, or go on
         * @description Roles: scanning while open
         */
        post: operations["pause-batch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/batches/{batch}/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 上传扫描件 upload scans: JPEG, PNG, TIFF, PDF or ZIP of these
         * @description Roles: scanning while open
         *
         *     Scope of tokens: scans:write
         */
        post: operations["upload-scans"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/blanks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 自制空白票 blanks of the office's own
         * @description Roles: admin
         */
        get: operations["list-blanks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/blanks/{group}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 识得的表样 what was learned of a blank
         * @description Roles: admin
         */
        get: operations["get-blank"];
        put?: never;
        /**
         * 上传空白票 learn a form from a blank ballot: PDF, Word document or picture; it takes the place of one before
         * @description Roles: admin while draft
         */
        post: operations["upload-blank"];
        /**
         * 移除空白票 the group gets a form of ours again
         * @description Roles: admin while draft
         */
        delete: operations["remove-blank"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/blanks/{group}/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 确认表样 confirm the form after looking at its pictures
         * @description Roles: admin while draft
         */
        post: operations["confirm-blank"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/blanks/{group}/settlements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 确定存疑项 settle a row or a column; an empty value takes it back
         * @description Roles: admin while draft
         */
        post: operations["settle-blank"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/blanks/{group}/sheets/{sheet}/picture": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 空白票图像 a page of a blank, as it is printed
         * @description Roles: admin
         */
        get: operations["blank-picture"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/certify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 确认计票结果 certify, two scrutineers
         * @description Roles: scrutineer while balanced
         *
         *     For accounts with a password of one's own that nobody else made or changed just now: password_not_own, account_too_fresh
         */
        post: operations["certify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 封存前检查 list what sealing would refuse
         * @description Roles: admin
         */
        get: operations["check-meeting"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/checkpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 会议的存证校验点 those kept whenever the meeting changed its state
         * @description Roles: admin; printing; scanning; scrutineer; committee; auditor
         *
         *     Scope of tokens: record:read
         */
        get: operations["checkpoints"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/comments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 意见 handwritten comments to be typed, in no order
         * @description Roles: scrutineer while balanced
         */
        get: operations["list-comments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/comments/{comment}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * 录入意见 type a comment, or say that there is nothing to type
         * @description Roles: scrutineer while balanced
         */
        put: operations["type-comment"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/comments/{comment}/picture": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 意见的笔迹图片 the handwriting of one comment; destroyed when the result is certified
         * @description Roles: scrutineer while balanced
         */
        get: operations["comment-picture"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/cvr": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 下载逐票记录 single ballots as NIST SP 1500-103 JSON, in no order, for the two who signed
         * @description Roles: auditor while released
         *
         *     For accounts with a password of one's own that nobody else made or changed just now: password_not_own, account_too_fresh
         */
        get: operations["download-cvr"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/cvr/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 逐票记录导出情况 where the export of single ballots stands, and what it gives away
         * @description Roles: auditor
         */
        get: operations["get-cvr"];
        put?: never;
        /**
         * 签认导出逐票记录 sign the export of single ballots, two auditors and a reason
         * @description Roles: auditor while released
         *
         *     For accounts with a password of one's own that nobody else made or changed just now: password_not_own, account_too_fresh
         */
        post: operations["export-cvr"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 已复核 rows that people have decided
         * @description Roles: scrutineer
         */
        get: operations["list-decisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/feedback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 反馈单 feedback sheets, one a subject
         * @description Roles: committee while released, archived
         *
         *     Scope of tokens: results:read
         */
        get: operations["feedback"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/forms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 表样 the forms, as `pingyi forms export` writes them
         * @description Roles: admin; printing; scanning; scrutineer; committee; auditor
         *
         *     Scope of tokens: meetings:read
         */
        get: operations["get-forms"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 票种与不参与画票的类别 voter groups and excluded categories
         * @description Roles: admin; printing; scanning; scrutineer; committee; auditor
         *
         *     Scope of tokens: meetings:read
         */
        get: operations["get-groups"];
        /**
         * 设置票种 replace voter groups and excluded categories
         * @description Roles: admin while draft
         */
        put: operations["put-groups"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/ledger": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 台账 the ledger and its breaks
         * @description Roles: admin; printing; scanning; scrutineer
         *
         *     Scope of tokens: ledger:read
         */
        get: operations["get-ledger"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/ledger/confirmations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 第二人录入 the second person's count of the same number
         * @description Roles: printing while open; scanning while open; scrutineer while open
         *
         *     For accounts with a password of one's own that nobody else made or changed just now: password_not_own, account_too_fresh
         */
        post: operations["confirm-ledger"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/ledger/entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 录入 enter a number counted by hand
         * @description Roles: printing while open; scanning while open
         */
        post: operations["enter-ledger"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/open": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 开始 open: issuing, scanning and deciding begin
         * @description Roles: admin while sealed
         */
        post: operations["open-meeting"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/overall-cap": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * 综合评价“好”的比例上限 above which share of best overall grades to warn
         * @description Roles: committee while released
         */
        put: operations["set-overall-cap"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/pages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 票面列表 pages of closed batches
         * @description Roles: scrutineer
         */
        get: operations["list-pages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/pages/{page}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 票面 a page with its rows
         * @description Roles: scrutineer
         */
        get: operations["get-page"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/pages/{page}/aside": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 认定废票 set the whole leaf of a page aside as an invalid ballot, or take that back
         * @description Roles: scrutineer while open
         *
         *     For accounts with a password of one's own that nobody else made or changed just now: password_not_own, account_too_fresh
         */
        post: operations["set-aside"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/pages/{page}/picture": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 票面图片 the whole picture
         * @description Roles: scrutineer
         */
        get: operations["page-picture"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/pages/{page}/rows/{subject}/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 复核 decide a row
         * @description Roles: scrutineer while open
         *
         *     For accounts with a password of one's own that nobody else made or changed just now: password_not_own, account_too_fresh
         */
        post: operations["decide"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/pages/{page}/rows/{subject}/picture": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 一行的图片 one row of the picture
         * @description Roles: scrutineer
         */
        get: operations["row-picture"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/pages/{page}/writing/{index}/picture": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 表外字迹的图片 one piece of writing outside the targets
         * @description Roles: scrutineer
         */
        get: operations["writing-picture"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 票样预览 the geometry of a ballot under rules that need not be saved; nothing is kept
         * @description Roles: admin
         */
        post: operations["preview-form"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/print": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 印制底稿 the master of one ballot, for the printer's own copy count
         * @description Roles: printing while sealed, open
         */
        get: operations["print-master"];
        put?: never;
        /**
         * 印票 exactly the copies asked for
         * @description Roles: printing while sealed, open
         */
        post: operations["print-copies"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/print/copied": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 登记复印份数 record copies that a printer or copier made of the master
         * @description Roles: printing while sealed, open
         */
        post: operations["record-copies"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/records": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 下载记录 the records as a ZIP, for the two who signed
         * @description Roles: committee while released
         */
        get: operations["download-records"];
        put?: never;
        /**
         * 导出记录 sign the export of a released meeting's records, two of the committee and a reason
         * @description Roles: committee while released
         *
         *     For accounts with a password of one's own that nobody else made or changed just now: password_not_own, account_too_fresh
         */
        post: operations["export-records"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 发布 release the results, two of the committee
         * @description Roles: committee while certified
         *
         *     For accounts with a password of one's own that nobody else made or changed just now: password_not_own, account_too_fresh
         */
        post: operations["release"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/reopen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 重新打开 from certified back to open, two scrutineers and a reason
         * @description Roles: scrutineer while certified
         *
         *     For accounts with a password of one's own that nobody else made or changed just now: password_not_own, account_too_fresh
         */
        post: operations["reopen"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/results": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 结果 the figures, filtered and sorted; the figures themselves never depend on the filter
         * @description Roles: scrutineer while balanced, certified, released, archived; committee while released, archived; auditor while released, archived
         *
         *     Scope of tokens: results:read
         */
        get: operations["results"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/results/{subject}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * 综合评价等次与整改事项 enter a subject's overall grade and items to rectify, beside the count and never computed from it
         * @description Roles: committee while released
         */
        patch: operations["conclude"];
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/roll": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 上传签到名册 read a sign-in roll into headcounts; its names are in the reply and nowhere else
         * @description Roles: admin while draft
         */
        post: operations["upload-roll"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/roll/template": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 签到名册模板 an empty roll to fill in, with this meeting's categories and venues
         * @description Roles: admin
         */
        get: operations["roll-template"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/roster": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 述职人名册 the roster of subjects
         * @description Roles: admin; printing; scanning; scrutineer; committee; auditor
         *
         *     Scope of tokens: meetings:read
         */
        get: operations["get-roster"];
        /**
         * 录入名册 replace the roster
         * @description Roles: admin while draft
         */
        put: operations["put-roster"];
        /**
         * 上传名册 replace the roster by a CSV or XLSX file
         * @description Roles: admin while draft
         */
        post: operations["upload-roster"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/roster/order": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 按姓氏笔画排序 put subjects in the order of 姓氏笔画 and number them anew; nothing is kept
         * @description Roles: admin
         */
        post: operations["order-roster"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/roster/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 读名册 read a CSV or XLSX file, or a pasted table, and say what is wrong with it; nothing is kept
         * @description Roles: admin
         */
        post: operations["read-roster"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 规则 the rules
         * @description Roles: admin; printing; scanning; scrutineer; committee; auditor
         *
         *     Scope of tokens: meetings:read
         */
        get: operations["get-rules"];
        /**
         * 设置规则 replace the rules; all are validated together
         * @description Roles: admin while draft
         */
        put: operations["put-rules"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/seal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 封存 freeze rules, roster and groups, and lay out the forms
         * @description Roles: admin while draft
         */
        post: operations["seal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 签到册 draw the sign-in sheet of a roll; neither its names nor its headcounts are kept
         * @description Roles: printing
         */
        post: operations["sign-in-sheet"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/signatures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 已签署 who has signed what waits for a second person
         * @description Roles: scrutineer; committee
         *
         *     Scope of tokens: record:read
         */
        get: operations["signatures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/statement": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 结果报告单 result statement
         * @description Roles: scrutineer while balanced, certified, released, archived; committee while released, archived; auditor while released, archived
         *
         *     Scope of tokens: results:read
         */
        get: operations["statement"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 计票汇总表 summary as XLSX or CSV
         * @description Roles: scrutineer while balanced, certified, released, archived; committee while released, archived; auditor while released, archived
         *
         *     Scope of tokens: results:read
         */
        get: operations["summary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/trial": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 判读试打票的扫描件 read the scans of the test ballots; nothing of them is kept
         * @description Roles: admin while draft, sealed, open; printing while draft, sealed, open; scanning while draft, sealed, open
         */
        post: operations["read-trial"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/trial/ballots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 打印试打票 three test ballots, which never count
         * @description Roles: admin while draft, sealed, open; printing while draft, sealed, open; scanning while draft, sealed, open
         */
        get: operations["print-trial"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/unseal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * 解除封存 back to draft, before the first issue; the forms are withdrawn
         * @description Roles: admin while sealed
         */
        post: operations["unseal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/meetings/{meeting}/venues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 会场 venues
         * @description Roles: admin; printing; scanning; scrutineer; committee; auditor
         *
         *     Scope of tokens: meetings:read
         */
        get: operations["get-venues"];
        /**
         * 设置会场 replace the venues
         * @description Roles: admin while draft
         */
        put: operations["put-venues"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 当前用户 who is signed in
         * @description Roles: admin; printing; scanning; scrutineer; committee; auditor
         */
        get: operations["me"];
        put?: never;
        /** 登录 sign in */
        post: operations["login"];
        /**
         * 退出 sign out
         * @description Roles: admin; printing; scanning; scrutineer; committee; auditor
         */
        delete: operations["logout"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * 启用两步验证 put it in force by its first code
         * @description Roles: admin
         */
        put: operations["confirm-factor"];
        /**
         * 设置两步验证 set up a second factor for oneself
         * @description Roles: admin
         */
        post: operations["new-factor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * 修改密码 change one's own password
         * @description Roles: admin; printing; scanning; scrutineer; committee; auditor
         */
        put: operations["change-password"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 登录情况 one's own sessions; for the admin, who is signed in
         * @description Roles: admin; printing; scanning; scrutineer; committee; auditor
         */
        get: operations["list-sessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{session}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * 结束一个登录 end a session of one's own; for the admin, anybody's
         * @description Roles: admin; printing; scanning; scrutineer; committee; auditor
         */
        delete: operations["end-session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/system": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 运行状况 disk, database, OCR, readers, and the space that each meeting takes
         * @description Roles: admin
         *
         *     Scope of tokens: system:read
         */
        get: operations["system-status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/templates/roster": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 名册模板 an empty roster to fill in, as XLSX
         * @description Roles: admin
         */
        get: operations["roster-template"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 接口令牌 one's own API tokens; for the admin, everybody's
         * @description Roles: admin; printing; scanning; scrutineer; committee; auditor
         */
        get: operations["list-tokens"];
        put?: never;
        /**
         * 新建接口令牌 make an API token for oneself, within one's role
         * @description Roles: admin; printing; scanning; scrutineer; committee; auditor
         */
        post: operations["create-token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * 撤销接口令牌 revoke a token of one's own; for the admin, anybody's
         * @description Roles: admin; printing; scanning; scrutineer; committee; auditor
         */
        delete: operations["revoke-token"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 用户列表 list users
         * @description Roles: admin
         */
        get: operations["list-users"];
        put?: never;
        /**
         * 新增用户 add a user
         * @description Roles: admin
         */
        post: operations["create-user"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{user}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * 修改用户 change a user's role, password or access
         * @description Roles: admin
         */
        patch: operations["update-user"];
        trace?: never;
    };
    "/api/v1/users/{user}/factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * 取消两步验证 take another administrator's second factor away
         * @description Roles: admin
         */
        delete: operations["reset-factor"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 版本 version */
        get: operations["version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 存活检查 the process answers */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * 运行指标 Prometheus metrics: for the admin, or from this machine itself
         * @description Roles: admin
         *
         *     Scope of tokens: system:read
         */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 就绪检查 the database answers too */
        get: operations["ready"];
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
        Account: {
            disabled: boolean;
            /** @description a second factor is asked for when signing in */
            factor: boolean;
            role: string;
            user: string;
        };
        AccountList: {
            users: components["schemas"]["Account"][];
        };
        Act: {
            act: string;
            actor: string;
            detail?: string;
            /** Format: int64 */
            id: number;
            /** @description id of the meeting, where it is of one */
            meeting?: string;
            /** Format: date-time */
            time: string;
        };
        ActList: {
            acts: components["schemas"]["Act"][];
        };
        ActiveSession: {
            /** @description the session of this request */
            current: boolean;
            /** Format: date-time */
            expires: string;
            id: string;
            role: string;
            /** Format: date-time */
            since: string;
            user: string;
        };
        Alert: {
            /** Format: int64 */
            below_percent: number;
            /** Format: int64 */
            below_thirds?: number;
            grades: string[] | null;
            text: string;
        };
        ArchiveInputBody: {
            /** @description the day from which on ballots are destroyed, YYYY-MM-DD, within the terms of get-archive */
            destroy_on: string;
        };
        Archiving: {
            counts: components["schemas"]["Remains"];
            destroy_on?: string;
            /** Format: date-time */
            destroyed_at?: string;
            destroyed_by?: string;
            due: boolean;
            export: components["schemas"]["RecordsExport"];
            keeping: string;
            released?: string;
            state: string;
            terms: components["schemas"]["DestructionTerms"];
        };
        AsideWord: {
            /** @description the leaf is an invalid ballot; false: it counts */
            aside: boolean;
            by: string;
            reason: string;
        };
        Audit: {
            accepted_by: string[];
            /** Format: int64 */
            attempt: number;
            bundles: components["schemas"]["Bundle"][];
            chance: components["schemas"]["AuditChance"];
            commitment?: string;
            compared: components["schemas"]["BundleOutcome"][];
            dice?: string;
            dice_by: string[];
            differed?: string[];
            /** Format: date-time */
            done?: string;
            /** Format: int64 */
            draw: number;
            drawn: number[];
            /** @description the audit is of the result certified first; this one is a correction, which was not audited */
            of_first?: boolean;
            reason?: string;
            salt?: string;
            seals?: string;
            seed?: string;
            stage: string;
        };
        AuditChance: {
            /** Format: int64 */
            drawn_leaves: number;
            full: boolean;
            /** Format: int64 */
            leaves: number;
            recommend_full: boolean;
            /** Format: int64 */
            scattered: number;
            /** Format: int64 */
            worst: number;
        };
        AuditCode: {
            /** @description 20 characters in groups of four, to be copied on paper */
            code: string;
        };
        AuditView: {
            accepted_by: string[];
            /** Format: int64 */
            attempt: number;
            bundles: components["schemas"]["Bundle"][];
            chance: components["schemas"]["AuditChance"];
            commitment?: string;
            compared: components["schemas"]["BundleOutcome"][];
            counted: components["schemas"]["BundleCounters"][];
            dice?: string;
            dice_by: string[];
            differed?: string[];
            /** Format: date-time */
            done?: string;
            /** Format: int64 */
            draw: number;
            drawn: number[];
            holders: string[];
            /** @description the audit is of the result certified first; this one is a correction, which was not audited */
            of_first?: boolean;
            piles: components["schemas"]["Pile"][];
            reason?: string;
            salt?: string;
            seals?: string;
            seed?: string;
            signed: string[];
            stage: string;
            wanted: boolean;
        };
        Batch: {
            /** @description the scanner's folder, where the service has one and the batch is open */
            folder?: components["schemas"]["ScannerFolder"];
            group: string;
            id: string;
            /**
             * Format: int64
             * @description sheets of paper that count; final once closed
             */
            leaves: number;
            pages: components["schemas"]["BatchCount"];
            /** @description reading is paused */
            paused?: boolean;
            /** @description what to write on its paper where that is audited, once closed */
            pile?: string;
            /** @enum {string} */
            state: "open" | "closed";
            /** @description what keeps pages from being read, as disk_full; reading goes on by itself when it has cleared */
            trouble?: string;
            uploads: components["schemas"]["Upload"][];
            venues: string[];
            /**
             * Format: int64
             * @description of them, while the batch is open, those that are to count as void: to close it, a scrutineer vouches for them
             */
            void?: number;
        };
        BatchCount: {
            /**
             * Format: int64
             * @description rejected pages that nobody has disposed of yet
             */
            open: number;
            /** Format: int64 */
            pages: number;
            /** Format: int64 */
            read: number;
            /** Format: int64 */
            rejected: number;
            /**
             * Format: int64
             * @description not yet read
             */
            waiting: number;
        };
        BatchList: {
            batches: components["schemas"]["Batch"][];
        };
        BatchPage: {
            /** @enum {string} */
            disposal?: "rescanned" | "void" | "distinct";
            facts?: string;
            /** Format: int64 */
            form_page?: number;
            id: string;
            /** @description id of the earlier image of this batch that a sheet held as scanned twice is like */
            like?: string;
            reason?: string;
            state: string;
            /**
             * Format: int64
             * @description which of the batch's uploads it came with, from 1
             */
            upload: number;
        };
        BatchPageList: {
            pages: components["schemas"]["BatchPage"][];
        };
        BlankColumn: {
            best?: string;
            key: string;
            /** Format: int64 */
            page: number;
            read?: string;
            rect: components["schemas"]["Rect"];
            settled?: boolean;
            why: string;
        };
        BlankList: {
            blanks: components["schemas"]["BlankSummary"][];
        };
        BlankProposal: {
            /** @description heads of grades that were not read exactly */
            columns: components["schemas"]["BlankColumn"][];
            confirmed: boolean;
            grades: string[];
            group: string;
            kind: string;
            /**
             * Format: int64
             * @description things that are unsure and not settled
             */
            open: number;
            /** Format: int64 */
            pages: number;
            /** @description what sealing would refuse of it now */
            problems: components["schemas"]["ProblemItem"][];
            sheets: components["schemas"]["BlankSheet"][];
            /** @description name of the file */
            source: string;
            /** @description of the form as it stands; send it as If-Match to settle or confirm only that */
            tag: string;
            /** @description pages 2n-1 and 2n are to be printed on the sides of one leaf */
            two_sided: boolean;
        };
        BlankRow: {
            /** @description the likeliest subject; it is never taken by itself */
            best?: string;
            box: components["schemas"]["Rect"];
            /** @description names it when it is settled */
            key: string;
            name_box: components["schemas"]["Rect"];
            /** @description what OCR read there */
            read?: string;
            /** @description by a person */
            settled?: boolean;
            /** @description a person left it out: it is no subject's row */
            skipped?: boolean;
            /**
             * Format: int64
             * @description roster number; 0 while it is unsure, or where it is skipped
             */
            subject: number;
            /** @description why it was unsure when it was learned */
            why?: string;
        };
        BlankSheet: {
            /** Format: double */
            height_mm: number;
            /** Format: int64 */
            page: number;
            rows: components["schemas"]["BlankRow"][];
            targets: components["schemas"]["Target"][];
            /** Format: double */
            width_mm: number;
        };
        BlankSummary: {
            confirmed: boolean;
            group: string;
            /**
             * Format: int64
             * @description things that are unsure and not settled
             */
            open: number;
            /** Format: int64 */
            pages: number;
            /** @description name of the file */
            source: string;
        };
        Bundle: {
            /** Format: int64 */
            leaves: number;
            /** Format: int64 */
            number: number;
            piles: string[];
            table: string;
        };
        BundleCounters: {
            /** Format: int64 */
            bundle: number;
            by: string[];
        };
        BundleOutcome: {
            /** Format: int64 */
            agree: number;
            by: string[];
            /** Format: int64 */
            differ: number;
            /** Format: int64 */
            number: number;
            /** Format: int64 */
            unsettled: number;
        };
        CVRExport: {
            /** Format: int64 */
            alone: number;
            asked_by?: string;
            /** Format: int64 */
            ballots: number;
            /** Format: int64 */
            bytes?: number;
            /** Format: date-time */
            confirmed_at?: string;
            confirmed_by?: string;
            digest?: string;
            on: boolean;
            outdated: boolean;
            reason?: string;
            /** Format: date-time */
            until?: string;
        };
        CapInputBody: {
            /**
             * Format: int64
             * @description 0 sets no cap
             */
            percent: number;
        };
        ChangePasswordInputBody: {
            new: string;
            old: string;
        };
        Checkpoint: {
            code: string;
            /** @description at whose change of state it was kept */
            meeting?: string;
            note: string;
            /** Format: int64 */
            size: number;
            /** @description the public key by which the note is checked */
            verifier: string;
        };
        CheckpointList: {
            checkpoints: components["schemas"]["Checkpoint"][];
        };
        Comment: {
            id: string;
            name?: string;
            org?: string;
            /** @description what OCR makes of the handwriting; it reads badly */
            proposal: string;
            /** @enum {string} */
            state: "waiting" | "typed" | "nothing" | "illegible";
            /**
             * Format: int64
             * @description on single forms, whom it is about
             */
            subject?: number;
            text: string;
        };
        CommentList: {
            comments: components["schemas"]["Comment"][];
            /**
             * Format: int64
             * @description comments that nobody has typed; the result is certified once there is none
             */
            waiting: number;
        };
        CommitAuditInputBody: {
            /** @description count all bundles, as is recommended of little paper */
            full?: boolean;
        };
        CompareAuditInputBody: {
            /** @description of both persons, in any order */
            codes: string[];
        };
        Comparison: {
            audit: components["schemas"]["AuditView"];
            rows: components["schemas"]["RowDifference"][];
        };
        ConcludeInputBody: {
            /** @description 整改事项, one line each */
            items?: string[];
            /** @description one of the rules' grades; empty takes it back */
            overall_grade?: string;
        };
        Conclusion: {
            items: string[] | null;
            overall_grade?: string;
            /** Format: int64 */
            subject: number;
        };
        ConfirmFactorInputBody: {
            code: string;
        };
        Count: {
            /** @enum {string} */
            field: "present" | "issued" | "spoiled" | "not_returned" | "returned";
            /** @description code, name or category of a voter group */
            group: string;
            /**
             * Format: int64
             * @description on single forms; 0 there stands for whole packets: the lines of all subjects
             */
            subject?: number;
            /** Format: int64 */
            value: number;
            venue: string;
        };
        CountBundleInputBody: {
            rows: components["schemas"]["CountedRow"][];
        };
        CountedRow: {
            /** @description each grade in the rules' order, then blank, then invalid */
            counts: number[];
            /** Format: int64 */
            subject: number;
        };
        CreateMeetingInputBody: {
            /**
             * Format: date
             * @description as printed, YYYY-MM-DD
             */
            date: string;
            organiser: string;
            title: string;
        };
        CreateTokenInputBody: {
            /**
             * Format: int64
             * @description until it expires
             */
            days: number;
            /** @description what it is for */
            label: string;
            /** @description typed again */
            password: string;
            scopes: string[] | null;
        };
        CreateUserInputBody: {
            password: string;
            /** @enum {string} */
            role: "admin" | "printing" | "scanning" | "scrutineer" | "committee" | "auditor";
            /** @description no spaces, no slash */
            user: string;
        };
        DecideInputBody: {
            /** @description speak against others who have settled the row; without it that is a conflict */
            correct?: boolean;
            grade?: string;
            /**
             * @description overvote: several marks, which by the rule overvote=ballot_invalid make the whole ballot invalid; invalid: this row alone is
             * @enum {string}
             */
            kind: "grade" | "blank" | "overvote" | "invalid";
            /** @description why; goes to the record */
            reason: string;
        };
        DecidedList: {
            rows: components["schemas"]["DecidedRow"][];
            /** Format: int64 */
            total: number;
        };
        DecidedRow: {
            /** @description as they were made, by person */
            decisions: components["schemas"]["Decision"][];
            disputed?: boolean;
            form: string;
            /** Format: int64 */
            form_page: number;
            group: string;
            /** @description what stands where on the row's picture */
            layout?: components["schemas"]["RowLayout"];
            machine: components["schemas"]["Verdict"];
            name: string;
            org: string;
            page: string;
            /** Format: int64 */
            subject: number;
            /** @description what counts; absent while the row waits */
            verdict?: components["schemas"]["Verdict"];
        };
        Decision: {
            by: string;
            grade?: string;
            kind: string;
            reason: string;
            verdict: components["schemas"]["Verdict"];
        };
        DestructionTerms: {
            earliest: string;
            latest: string;
            usual: string;
        };
        DiceInputBody: {
            /** @description 20 throws, 1–6; spaces between them are allowed */
            dice: string;
        };
        DisposeInputBody: {
            /**
             * @description scanned again or the same paper; an invalid ballot; another sheet, of one held as scanned twice. Said of one page rejected as lost_side, it is said of all of its upload
             * @enum {string}
             */
            disposal: "rescanned" | "void" | "distinct";
            /** @description of the page as it was looked at; refused (409) where they are others by now. Absent: not compared */
            facts?: string;
        };
        DraftRoster: {
            /** @description located as subjects[3].name */
            faults: components["schemas"]["ProblemItem"][];
            /** @description each subject's row in the file, 1 = the first line */
            rows: number[];
            /** @description every line, also those at fault; a number that is none is 0 */
            subjects: components["schemas"]["Subject"][];
        };
        ExcludedPerson: {
            category: string;
            name: string;
            org: string;
            reason: string;
        };
        ExcludedRule: {
            category: string;
            reason: string;
        };
        FirstInputBody: {
            password: string;
            /** @description what follows # in the link */
            token: string;
            /** @description no spaces, no slash */
            user: string;
        };
        FirstOpen: {
            open: boolean;
        };
        FolderInputBody: {
            on: boolean;
            /** @description the files that lie in the folder already are this batch's */
            take_old?: boolean;
        };
        Form: {
            grades: string[] | null;
            group: string;
            id: string;
            identity: string;
            kind: string;
            learned?: components["schemas"]["Learned"];
            meeting: string;
            pages: components["schemas"]["FormPage"][] | null;
            two_sided: boolean;
            /** Format: int64 */
            version: number;
            withdrawn?: boolean;
        };
        FormPage: {
            code: components["schemas"]["Rect"];
            code_text: string;
            comment?: components["schemas"]["Rect"];
            fiducials: components["schemas"]["Rect"][] | null;
            /** Format: double */
            height_mm: number;
            labels: components["schemas"]["Label"][] | null;
            /** Format: int64 */
            page: number;
            print?: string;
            rows: components["schemas"]["Row"][] | null;
            rules?: components["schemas"]["Rule"][] | null;
            targets: components["schemas"]["Target"][] | null;
            /** Format: double */
            width_mm: number;
        };
        FormsFile: {
            forms: components["schemas"]["Form"][] | null;
        };
        GradeCap: {
            grade: string;
            /** Format: int64 */
            max?: number;
            /** Format: int64 */
            percent?: number;
        };
        GroupCount: {
            group: string;
            /** Format: int64 */
            leaves: number;
            /** Format: int64 */
            subject?: number;
        };
        Groups: {
            excluded: components["schemas"]["ExcludedRule"][];
            groups: components["schemas"]["VoterGroup"][];
            /** @description the venues too, in one step; left out, they stay */
            venues?: components["schemas"]["Venue"][] | null;
        };
        Health: {
            /** @enum {string} */
            status: "ok";
        };
        Label: {
            align: string;
            /** Format: double */
            h: number;
            role: string;
            /** Format: double */
            size_pt: number;
            text: string;
            /** Format: double */
            w: number;
            /** Format: double */
            x: number;
            /** Format: double */
            y: number;
        };
        Layout: {
            /** Format: int64 */
            blocks: number;
            comment_box: boolean;
            instructions: string;
            paper: string;
        };
        Learned: {
            confirmed: boolean;
            grades_down?: boolean;
            printed?: {
                [key: string]: number;
            };
            source: string;
            unsure?: components["schemas"]["Unsure"][] | null;
            words?: boolean;
        };
        LedgerBreak: {
            code: string;
            detail: string;
            group: string;
            kind: string;
            /** Format: int64 */
            subject?: number;
            venue: string;
        };
        LedgerEntry: {
            confirmed_by?: string;
            /** @description a second person counted another number since it was entered */
            differs?: boolean;
            entered_by: string;
            field: string;
            group: string;
            /** Format: int64 */
            subject?: number;
            /**
             * Format: int64
             * @description absent while it waits for a second person, for all but who typed it: the second count is made without knowing the first
             */
            value?: number;
            venue: string;
        };
        LedgerLine: {
            /** Format: int64 */
            expected: number;
            group: string;
            /**
             * Format: int64
             * @description leaves of a ballot
             */
            leaves?: number;
            pending?: string[] | null;
            /** Format: int64 */
            spares: number;
            /** Format: int64 */
            subject?: number;
            typed: {
                [key: string]: number;
            };
            venue: string;
        };
        LedgerView: {
            balanced: boolean;
            /** @description why it does not balance */
            breaks: components["schemas"]["LedgerBreak"][];
            destroyed?: boolean;
            entries: components["schemas"]["LedgerEntry"][];
            /** @description told to scrutineers alone */
            invalid: components["schemas"]["GroupCount"][] | null;
            lines: components["schemas"]["LedgerLine"][] | null;
            numbered?: components["schemas"]["GroupCount"][] | null;
            /** @description copies recorded as printed, by group */
            printed: {
                [key: string]: number;
            };
            scanned: components["schemas"]["ScannedCount"][] | null;
            /**
             * Format: int64
             * @description rows, rejected pages and open batches that wait; to others than scrutineers 1 where anything waits
             */
            unresolved: number;
            /** @description told to scrutineers alone */
            valid: components["schemas"]["GroupCount"][] | null;
        };
        LoginInputBody: {
            /** @description of the second factor, or a recovery code: asked for by code_needed */
            code?: string;
            password: string;
            user: string;
        };
        MarkScore: {
            /** Format: double */
            apart: number;
            /** Format: double */
            contrast: number;
            /** Format: double */
            covered: number;
            /** Format: double */
            doubt: number;
            /** Format: double */
            faint: number;
            /** Format: double */
            flat: number;
            grade: string;
            /** Format: double */
            ink: number;
            /** Format: double */
            inside: number;
            /** Format: double */
            loose: number;
            /** Format: double */
            outline: number;
            /** Format: double */
            outside: number;
            /** Format: double */
            reach: number;
            /** Format: double */
            second: number;
            /** Format: double */
            specks: number;
            /** Format: double */
            stray: number;
            /** Format: int64 */
            strokes: number;
        };
        Me: {
            /** @description a second factor is asked for when signing in */
            factor: boolean;
            /** @description ids of the operations that the role may perform */
            operations: string[];
            /** @description the password is one's own: by one that somebody else set nothing is done that a person vouches for */
            own: boolean;
            role: string;
            user: string;
        };
        Meeting: {
            date: string;
            excluded: components["schemas"]["ExcludedRule"][] | null;
            groups: components["schemas"]["VoterGroup"][] | null;
            id: string;
            organiser: string;
            rules: components["schemas"]["Rules"];
            seal_hash?: string;
            state: string;
            subjects: components["schemas"]["Subject"][] | null;
            title: string;
            venues: components["schemas"]["Venue"][] | null;
            /** Format: int64 */
            version: number;
        };
        MeetingList: {
            meetings: components["schemas"]["MeetingSummary"][];
        };
        MeetingSummary: {
            date: string;
            id: string;
            organiser: string;
            state: string;
            title: string;
            /** Format: int64 */
            version: number;
        };
        NewFactor: {
            /** @description the same as a QR code: a PNG as data: URL */
            qr: string;
            /** @description to be typed, where the picture cannot be read */
            secret: string;
        };
        NewFactorInputBody: {
            /** @description typed again */
            password: string;
        };
        NewToken: {
            /** @description to be sent as Authorization: Bearer */
            token: string;
        };
        OpenBatchInputBody: {
            /** @description code, name or category of a voter group */
            group: string;
            /** @description several where small stacks were pooled before feeding */
            venues: string[];
        };
        OrderRosterInputBody: {
            /** @description oral reports stay at the head, in the order in which they are given */
            keep_oral?: boolean;
            subjects: components["schemas"]["Ranked"][];
        };
        Ordered: {
            /** @description where each subject stood, counted from 0 */
            from: number[];
        };
        Page: {
            /** @description other pages of the leaf that bear writing: what is said of the leaf is said of them too */
            also?: string[] | null;
            /** @description people must yet say whether the leaf counts: somebody set it aside and another person must agree, or it bears writing that would make it invalid */
            aside_asked?: boolean;
            /** @description people differ about whether the leaf counts: another person is asked */
            differ?: boolean;
            flags?: string[] | null;
            form?: string;
            /** Format: int64 */
            form_page?: number;
            group: string;
            id: string;
            reason?: string;
            rows: components["schemas"]["PageRow"][];
            /** @description what people last said of the leaf; while it waits, only what the person who asks said, unless that differs from what others did */
            said?: components["schemas"]["AsideWord"][] | null;
            state: string;
            /**
             * Format: int64
             * @description rows that still wait for a person
             */
            unclear: number;
            /** @description mm on the page: writing outside targets and comment box, which the flag identifying_writing is about */
            writing?: components["schemas"]["Rect"][] | null;
        };
        PageList: {
            /** @description a batch may still come: pages with no row that people decide and no flag of their own are left out, as if they did not exist, until all that was returned is scanned */
            held_back?: boolean;
            /** @description give it as after to go on */
            next?: string;
            pages: components["schemas"]["PageSummary"][];
            /**
             * Format: int64
             * @description pages that the filter lets through
             */
            total: number;
        };
        PageRow: {
            decisions: components["schemas"]["Decision"][];
            machine: components["schemas"]["Verdict"];
            scores: components["schemas"]["MarkScore"][];
            /** Format: int64 */
            subject: number;
            /** @description what counts; absent while the row waits */
            verdict?: components["schemas"]["Verdict"];
        };
        PageSummary: {
            /** @description people must yet say whether the leaf counts: somebody set it aside and another person must agree, or it bears writing that would make it invalid */
            aside_asked?: boolean;
            /** @description people differ about whether the leaf counts: another person is asked */
            differ?: boolean;
            flags?: string[] | null;
            form?: string;
            /** Format: int64 */
            form_page?: number;
            group: string;
            id: string;
            reason?: string;
            /** @description what people last said of the leaf; while it waits, only what the person who asks said, unless that differs from what others did */
            said?: components["schemas"]["AsideWord"][] | null;
            state: string;
            /**
             * Format: int64
             * @description rows that still wait for a person
             */
            unclear: number;
        };
        PauseInputBody: {
            paused: boolean;
        };
        Pile: {
            group: string;
            /** Format: int64 */
            leaves: number;
            /** Format: int64 */
            number: number;
        };
        PostponeInputBody: {
            /** @description YYYY-MM-DD, later than the day that is set */
            destroy_on: string;
            reason: string;
        };
        Preview: {
            grades: string[];
            /**
             * Format: int64
             * @description sheets of paper of one ballot; of a packet of single forms
             */
            leaves: number;
            page: components["schemas"]["FormPage"];
            /**
             * Format: int64
             * @description sides of one ballot; of a packet of single forms
             */
            pages: number;
            two_sided: boolean;
        };
        PreviewInputBody: {
            /** @description code of a voter group; the first one where there is none */
            group?: string;
            /**
             * Format: int64
             * @description from 1; 0 is the first
             */
            page?: number;
            /** @description instead of those that are saved */
            rules?: components["schemas"]["Rules"];
        };
        PrintCopiesInputBody: {
            /**
             * Format: int64
             * @description copies recorded when this was first asked for: asked again because no answer came, they are not recorded twice
             */
            before?: number;
            /**
             * Format: int64
             * @description larger runs are asked for in parts
             */
            copies: number;
            /** @description with a cover sheet */
            cover?: boolean;
            /** @description code, name or category of a voter group */
            group: string;
        };
        Problem: {
            /** @description stable name of the kind of failure */
            code: string;
            /** @description what is wrong and what to do; Chinese unless Accept-Language prefers English */
            detail: string;
            /** @description every single failure where there are several, or where a field is at fault */
            errors?: components["schemas"]["ProblemItem"][] | null;
            /** @description field at fault, as rules.scores or subjects[3].name */
            location?: string;
            /**
             * Format: int64
             * @description row of the input file, 1 = the first line
             */
            row?: number;
            /** Format: int64 */
            status: number;
            /** @description the HTTP status in words */
            title: string;
            /** @description always about:blank; code tells problems apart */
            type: string;
        };
        ProblemItem: {
            code: string;
            detail: string;
            /** @description field at fault, as rules.scores or subjects[3].name; of the request as body.title */
            location?: string;
            /** Format: int64 */
            row?: number;
        };
        Queue: {
            /**
             * Format: int64
             * @description rows of the whole meeting that people have settled
             */
            decided: number;
            /**
             * Format: int64
             * @description of those that wait, rows about which people differ
             */
            disputed: number;
            rows: components["schemas"]["QueueRow"][];
            /**
             * Format: int64
             * @description rows of the whole meeting that wait
             */
            total: number;
        };
        QueueRow: {
            /** @description people differ, and none of their views has more than half of them */
            dispute?: boolean;
            /** @description the latest of each person, where the person who asks is among those who differ */
            disputed?: components["schemas"]["Decision"][] | null;
            form: string;
            /** Format: int64 */
            form_page: number;
            group: string;
            /** @description what stands where on the row's picture */
            layout?: components["schemas"]["RowLayout"];
            machine: components["schemas"]["Verdict"];
            name: string;
            org: string;
            page: string;
            scores: components["schemas"]["MarkScore"][];
            /** Format: int64 */
            subject: number;
        };
        Quorum: {
            /** Format: int64 */
            den: number;
            /** Format: int64 */
            num: number;
        };
        Ranked: {
            mode: string;
            name: string;
        };
        ReasonInputBody: {
            reason: string;
        };
        RecordCopiesInputBody: {
            /**
             * Format: int64
             * @description as of print-copies
             */
            before?: number;
            /** Format: int64 */
            copies: number;
            /** @description code, name or category of a voter group */
            group: string;
        };
        RecordsExport: {
            asked_by?: string;
            /** Format: int64 */
            bytes?: number;
            /** Format: date-time */
            confirmed_at?: string;
            confirmed_by?: string;
            digest?: string;
            outdated: boolean;
            reason?: string;
            /** Format: date-time */
            until?: string;
        };
        RecoveryCodes: {
            codes: string[];
        };
        Rect: {
            /** Format: double */
            h: number;
            /** Format: double */
            w: number;
            /** Format: double */
            x: number;
            /** Format: double */
            y: number;
        };
        Remains: {
            /** Format: int64 */
            bytes: number;
            /** Format: int64 */
            leaves: number;
            /** Format: int64 */
            pages: number;
            /** Format: int64 */
            pictures: number;
        };
        ResultAlert: {
            rate: components["schemas"]["ResultFraction"];
            text: string;
        };
        ResultBand: {
            /** Format: int64 */
            from: number;
            groups?: number[] | null;
            /** Format: int64 */
            subjects: number;
            /** Format: int64 */
            to: number;
        };
        ResultCheckpoint: {
            code: string;
            note: string;
            /** Format: int64 */
            size: number;
        };
        ResultConclusions: {
            /** Format: int64 */
            cap: number;
            entered: components["schemas"]["Conclusion"][] | null;
            grades: components["schemas"]["ResultFraction"][] | null;
            /** Format: int64 */
            missing: number;
            warning: string;
        };
        ResultFraction: {
            /** Format: int64 */
            den: number;
            /** Format: int64 */
            num: number;
            text: string;
        };
        ResultGroup: {
            code: string;
            members: string[] | null;
            name: string;
            /** Format: int64 */
            weight: number;
        };
        ResultLedger: {
            /** Format: int64 */
            expected: number;
            group?: string;
            /** Format: int64 */
            invalid: number;
            /** Format: int64 */
            issued: number;
            /** Format: int64 */
            leaves?: number;
            /** Format: int64 */
            not_returned: number;
            /** Format: int64 */
            present: number;
            /** Format: int64 */
            returned: number;
            sentence: string;
            /** Format: int64 */
            spoiled: number;
            /** Format: int64 */
            valid: number;
        };
        ResultMeeting: {
            date: string;
            id: string;
            organiser: string;
            seal_hash: string;
            title: string;
            /** Format: int64 */
            version: number;
        };
        ResultPart: {
            audit?: components["schemas"]["Audit"];
            checkpoint?: components["schemas"]["ResultCheckpoint"];
            comments: components["schemas"]["SubjectComments"][] | null;
            conclusions?: components["schemas"]["ResultConclusions"];
            distribution: components["schemas"]["ResultBand"][] | null;
            flags: components["schemas"]["ResultRuleCount"][] | null;
            groups: components["schemas"]["ResultGroup"][] | null;
            invalid_by: components["schemas"]["ResultRuleCount"][] | null;
            ledger: components["schemas"]["ResultLedger"][] | null;
            ledger_only: boolean;
            /**
             * Format: int64
             * @description subjects that the filter lets through
             */
            lines: number;
            meeting: components["schemas"]["ResultMeeting"];
            ranked_by: string;
            rules: components["schemas"]["Rules"];
            subjects: components["schemas"]["ResultSubject"][] | null;
            summaries: components["schemas"]["ResultSummary"][] | null;
            total: components["schemas"]["ResultLedger"];
            warnings: string[] | null;
        };
        ResultRuleCount: {
            /** Format: int64 */
            leaves: number;
            rule: string;
        };
        ResultSubject: {
            alerts: components["schemas"]["ResultAlert"][] | null;
            delegate?: string;
            good?: components["schemas"]["ResultWeighted"];
            groups: components["schemas"]["ResultTable"][] | null;
            mode: string;
            name: string;
            /** Format: int64 */
            no: number;
            org: string;
            overall: components["schemas"]["ResultTable"];
            post: string;
            /** Format: int64 */
            rank: number;
            score?: components["schemas"]["ResultWeighted"];
        };
        ResultSummary: {
            groups?: components["schemas"]["ResultTable"][] | null;
            mode?: string;
            /** Format: int64 */
            subjects: number;
            table: components["schemas"]["ResultTable"];
        };
        ResultTable: {
            /** Format: int64 */
            blank: number;
            blank_rate: components["schemas"]["ResultFraction"];
            counts: number[] | null;
            /** Format: int64 */
            denominator: number;
            good: components["schemas"]["ResultFraction"];
            group?: string;
            /** Format: int64 */
            invalid: number;
            invalid_rate: components["schemas"]["ResultFraction"];
            rates: components["schemas"]["ResultFraction"][] | null;
            /** Format: int64 */
            returned: number;
            score?: components["schemas"]["ResultFraction"];
            /** Format: int64 */
            valid: number;
        };
        ResultWeighted: {
            exact: string;
            text: string;
            /** Format: int64 */
            weight: number;
        };
        Roll: {
            excluded: components["schemas"]["ExcludedPerson"][] | null;
            headcount: {
                [key: string]: {
                    [key: string]: number;
                };
            };
            sign_in: components["schemas"]["SignInLine"][] | null;
            /** @description the sign-in sheet (签到册), where pdf=true was asked for */
            sign_in_pdf?: string;
        };
        Roster: {
            subjects: components["schemas"]["Subject"][];
        };
        Row: {
            /** Format: double */
            h: number;
            name: string;
            name_box: components["schemas"]["Rect"];
            no_box: components["schemas"]["Rect"];
            org: string;
            org_box: components["schemas"]["Rect"];
            /** Format: int64 */
            subject: number;
            /** Format: double */
            w: number;
            /** Format: double */
            x: number;
            /** Format: double */
            y: number;
        };
        RowBox: {
            grade: string;
            /** Format: double */
            height: number;
            /** Format: double */
            left: number;
            /** Format: double */
            top: number;
            /** Format: double */
            width: number;
        };
        RowDifference: {
            /** Format: int64 */
            bundle: number;
            /** Format: int64 */
            decided: number;
            hand: number[];
            machine: number[];
            /** Format: int64 */
            subject: number;
        };
        RowLayout: {
            /**
             * Format: double
             * @description and below it the row after
             */
            bottom: number;
            boxes: components["schemas"]["RowBox"][];
            /**
             * Format: double
             * @description width of the picture by its height
             */
            ratio: number;
            /**
             * Format: double
             * @description above it the picture shows the row before
             */
            top: number;
        };
        Rule: {
            /** Format: double */
            x0: number;
            /** Format: double */
            x1: number;
            /** Format: double */
            y0: number;
            /** Format: double */
            y1: number;
        };
        Rules: {
            alerts?: components["schemas"]["Alert"][] | null;
            altered: string;
            /** Format: int64 */
            audit?: number;
            blank: string;
            caps?: components["schemas"]["GradeCap"][] | null;
            cvr?: boolean;
            /** Format: int64 */
            decimals: number;
            denominator: string;
            form: string;
            grades: string[] | null;
            identity: string;
            layout: components["schemas"]["Layout"];
            order: string;
            overvote: string;
            quorum: components["schemas"]["Quorum"];
            same_grade: string;
            scores?: number[] | null;
            /** Format: int64 */
            small_group: number;
            ticks_only: boolean;
            two_adjudicators: boolean;
            wholly_blank: string;
            writing: string;
        };
        ScannedCount: {
            group: string;
            /** Format: int64 */
            leaves: number;
            /** Format: int64 */
            subject?: number;
            venues: string;
        };
        ScannerFolder: {
            /**
             * Format: int64
             * @description files that the meeting had already, and that were not taken twice
             */
            known: number;
            /** @description this batch takes its files */
            on: boolean;
            /** @description why files are not taken */
            problem?: string;
            /**
             * Format: int64
             * @description files in it that are not taken yet
             */
            waiting: number;
        };
        Sealed: {
            forms: components["schemas"]["SealedForm"][];
            meeting: components["schemas"]["Meeting"];
        };
        SealedForm: {
            group: string;
            id: string;
            /**
             * Format: int64
             * @description sheets of paper of one ballot, or of one packet of single forms
             */
            leaves: number;
            /** Format: int64 */
            pages: number;
        };
        SessionList: {
            sessions: components["schemas"]["ActiveSession"][];
        };
        SetAsideInputBody: {
            /** @description the leaf's other pages with writing (also of the page) that the person was shown: that it counts can be said of all of them alone */
            also?: string[] | null;
            /** @description false: it counts, or is taken back */
            aside: boolean;
            /** @description why; goes to the record */
            reason: string;
        };
        SettleInputBody: {
            /** @description of a row or column */
            key: string;
            /** @description roster number or skip for a row, grade for a column; empty takes the decision back */
            value: string;
        };
        SignInLine: {
            group: string;
            name: string;
            org: string;
            venue: string;
        };
        Signatures: {
            /** @description who has signed, by act: certify, reopen, release */
            by: {
                [key: string]: string[] | null;
            };
        };
        Signed: {
            /** @description who has signed */
            by: string[];
            /** @description false while the second person is missing */
            done: boolean;
            /** @description of the meeting, after this signature */
            state: string;
        };
        Signing: {
            /** @description of the person who signs, typed again */
            password: string;
            /** @description stands in the record */
            reason: string;
        };
        Storage: {
            /**
             * Format: int64
             * @description as pictures
             */
            bytes?: number;
            /** @description the day from which on ballots are destroyed, YYYY-MM-DD */
            destroy_on?: string;
            /** @description whether the ballots are kept, being destroyed, or destroyed */
            keeping: string;
            meeting: string;
            /**
             * Format: int64
             * @description not told before the result is certified
             */
            pictures?: number;
            state: string;
            title: string;
        };
        Subject: {
            delegate?: string;
            mode: string;
            name: string;
            /** Format: int64 */
            no: number;
            note?: string;
            org: string;
            post: string;
        };
        SubjectComments: {
            /** Format: int64 */
            subject?: number;
            texts: string[] | null;
        };
        SystemStatus: {
            /**
             * Format: int64
             * @description the database with its write-ahead log, rounded
             */
            database: number;
            /**
             * Format: int64
             * @description of the disk with the data folder, rounded
             */
            disk_free: number;
            /** Format: int64 */
            disk_total: number;
            meetings: components["schemas"]["Storage"][];
            /** @description whether OCR is installed and used */
            ocr: boolean;
            version: string;
            /**
             * Format: int64
             * @description pages read at once by this process; 0 where another one reads
             */
            workers: number;
        };
        Target: {
            cell: components["schemas"]["Rect"];
            grade: string;
            /** Format: double */
            h: number;
            /** Format: int64 */
            subject: number;
            /** Format: double */
            w: number;
            /** Format: double */
            x: number;
            /** Format: double */
            y: number;
        };
        Token: {
            /** Format: date-time */
            expires: string;
            /** @description not expired, and nothing was done since to the account that ends it */
            good: boolean;
            id: string;
            label: string;
            scopes: string[];
            /** @description the day of the last use; empty: never */
            used: string;
            user: string;
        };
        TokenList: {
            /** @description that one may give */
            scopes: string[];
            tokens: components["schemas"]["Token"][];
        };
        TrialDifference: {
            asked: string;
            /**
             * Format: int64
             * @description from 1
             */
            image: number;
            read: components["schemas"]["Verdict"];
            /**
             * Format: int64
             * @description number printed in the row; on single forms that of the leaf
             */
            row: number;
        };
        TrialFinding: {
            code: string;
            /** @description on which it was found, from 1; none where it is about the stack */
            images?: number[] | null;
            /** @enum {string} */
            level: "fault" | "advice";
            /** @description why images were rejected */
            reason?: string;
            /** @description numbers for its words */
            values?: {
                [key: string]: number;
            };
        };
        TrialImage: {
            facts?: string;
            /** Format: int64 */
            form_page?: number;
            /** @description JPEG; none of paper that is not known to be this test ballot */
            picture?: string;
            reason?: string;
            /** @enum {string} */
            state: "read" | "rejected";
        };
        TrialResult: {
            differences: components["schemas"]["TrialDifference"][];
            findings: components["schemas"]["TrialFinding"][];
            images: components["schemas"]["TrialImage"][];
            /**
             * Format: int64
             * @description images that were read
             */
            read: number;
            /** @enum {string} */
            ready: "ready" | "usable" | "not_ready";
            /**
             * Format: int64
             * @description rows that were read as they were to be marked
             */
            right: number;
            /**
             * Format: int64
             * @description rows on them
             */
            rows: number;
            /**
             * Format: int64
             * @description test ballots that should have been scanned
             */
            sheets: number;
        };
        TypeCommentInputBody: {
            /**
             * @description nothing: dirt, or words that must not stand, as a signature alone
             * @enum {string}
             */
            state: "typed" | "nothing" | "illegible";
            /** @description where typed */
            text?: string;
        };
        Unsure: {
            best?: string;
            key: string;
            /** Format: int64 */
            page: number;
            read?: string;
            rect: components["schemas"]["Rect"];
            why: string;
        };
        UpdateMeetingInputBody: {
            /** Format: date */
            date?: string;
            organiser?: string;
            title?: string;
        };
        UpdateUserInputBody: {
            disabled?: boolean;
            password?: string;
            /** @enum {string} */
            role?: "admin" | "printing" | "scanning" | "scrutineer" | "committee" | "auditor";
        };
        Upload: {
            /** Format: int64 */
            bytes: number;
            /** @description SHA-256 of the file, in hexadecimal */
            digest: string;
            /** @description why the file, or a part of it, could not be opened */
            error?: string;
            /** @description as uploaded */
            name: string;
            /**
             * Format: int64
             * @description images in the file; -1 until it was taken apart
             */
            pages: number;
        };
        Uploaded: {
            uploads: components["schemas"]["Upload"][];
        };
        Venue: {
            code: string;
            name: string;
        };
        Venues: {
            venues: components["schemas"]["Venue"][];
        };
        Verdict: {
            grade?: string;
            reason?: string;
            verdict: string;
        };
        Version: {
            version: string;
        };
        VoterGroup: {
            categories: string[] | null;
            code: string;
            disabled?: boolean;
            headcount?: {
                [key: string]: number;
            };
            join_with: string;
            name: string;
            /** Format: int64 */
            weight: number;
        };
        Vouching: {
            /** @description ids of the images that the scrutineer was shown: all that are void */
            images: string[];
            /** @description of the person who signs, typed again */
            password: string;
            /** @description stands in the record */
            reason: string;
            /** @description user name */
            scrutineer: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    "all-acts": {
        parameters: {
            query?: {
                /** @description only of this meeting */
                meeting?: string;
                /** @description only by this user */
                actor?: string;
                /** @description only acts of this name */
                act?: string;
                /** @description only acts with smaller ids; 0 = from the newest */
                before?: number;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActList"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    checkpoint: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Checkpoint"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "first-open": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FirstOpen"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "first-admin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: {
                pingyi_browser?: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FirstInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-meetings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeetingList"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "create-meeting": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateMeetingInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Meeting"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-meeting": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Meeting"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "update-meeting": {
        parameters: {
            query?: never;
            header?: {
                /** @description refuse with conflict unless the part still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateMeetingInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Meeting"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    acts: {
        parameters: {
            query?: {
                /** @description only acts with smaller ids; 0 = from the newest */
                before?: number;
                limit?: number;
            };
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActList"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "adjudication-queue": {
        parameters: {
            query?: {
                limit?: number;
            };
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Queue"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-archive": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Archiving"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    archive: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ArchiveInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Meeting"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "postpone-destruction": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PostponeInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Archiving"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "destroy-ballots": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Archiving"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-audit": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "accept-audit": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Signing"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Signed"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "count-bundle": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
                bundle: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CountBundleInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "make-audit-code": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditCode"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "commit-audit": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CommitAuditInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "compare-audit": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CompareAuditInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Comparison"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "enter-dice": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DiceInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "back-to-open": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReasonInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Meeting"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    balance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Meeting"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-batches": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchList"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "open-batch": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenBatchInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Batch"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-batch": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
                /** @description batch id */
                batch: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Batch"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "discard-batch": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
                /** @description batch id */
                batch: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "close-batch": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
                /** @description batch id */
                batch: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Vouching"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Batch"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "batch-events": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
                /** @description batch id */
                batch: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description event: progress, data: a Batch */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["Batch"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "watch-folder": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
                /** @description batch id */
                batch: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FolderInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Batch"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-batch-pages": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
                /** @description batch id */
                batch: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchPageList"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "dispose-page": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
                /** @description batch id */
                batch: string;
                /** @description image id, while the batch is open */
                page: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DisposeInputBody"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "batch-page-picture": {
        parameters: {
            query?: {
                /** @description in pixels, for a smaller picture; without it the picture as it is */
                width?: number;
            };
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
                /** @description batch id */
                batch: string;
                /** @description image id, while the batch is open */
                page: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                    "image/png": string;
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "pause-batch": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
                /** @description batch id */
                batch: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PauseInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Batch"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "upload-scans": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
                /** @description batch id */
                batch: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    file: string[];
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Uploaded"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-blanks": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BlankList"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-blank": {
        parameters: {
            query?: never;
            header?: {
                "Accept-Language"?: string;
            };
            path: {
                /** @description meeting id */
                meeting: string;
                /** @description code of the voter group */
                group: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BlankProposal"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "upload-blank": {
        parameters: {
            query?: never;
            header?: {
                "Accept-Language"?: string;
            };
            path: {
                /** @description meeting id */
                meeting: string;
                /** @description code of the voter group */
                group: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** Format: binary */
                    file: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BlankProposal"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "remove-blank": {
        parameters: {
            query?: never;
            header?: {
                "Accept-Language"?: string;
            };
            path: {
                /** @description meeting id */
                meeting: string;
                /** @description code of the voter group */
                group: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "confirm-blank": {
        parameters: {
            query?: never;
            header?: {
                "Accept-Language"?: string;
                /** @description refuse with conflict unless the part still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description meeting id */
                meeting: string;
                /** @description code of the voter group */
                group: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BlankProposal"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "settle-blank": {
        parameters: {
            query?: never;
            header?: {
                "Accept-Language"?: string;
                /** @description refuse with conflict unless the part still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description meeting id */
                meeting: string;
                /** @description code of the voter group */
                group: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SettleInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BlankProposal"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "blank-picture": {
        parameters: {
            query?: never;
            header?: {
                "Accept-Language"?: string;
            };
            path: {
                /** @description meeting id */
                meeting: string;
                /** @description code of the voter group */
                group: string;
                /** @description page, from 1 */
                sheet: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/png": string;
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    certify: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Signing"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Signed"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "check-meeting": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    checkpoints: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckpointList"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-comments": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommentList"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "type-comment": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
                /** @description comment id */
                comment: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TypeCommentInputBody"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "comment-picture": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
                /** @description comment id */
                comment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/png": string;
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "download-cvr": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-cvr": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CVRExport"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "export-cvr": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Signing"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Signed"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-decisions": {
        parameters: {
            query?: {
                /** @description only rows that the person who asks has decided */
                mine?: boolean;
                offset?: number;
                limit?: number;
            };
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DecidedList"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    feedback: {
        parameters: {
            query?: {
                /** @description one subject's sheet; 0 = all, in the order of the roster */
                subject?: number;
            };
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-forms": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FormsFile"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-groups": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Groups"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "put-groups": {
        parameters: {
            query?: never;
            header?: {
                /** @description refuse with conflict unless the part still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Groups"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Groups"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-ledger": {
        parameters: {
            query?: never;
            header?: {
                "Accept-Language"?: string;
            };
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LedgerView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "confirm-ledger": {
        parameters: {
            query?: never;
            header?: {
                "Accept-Language"?: string;
            };
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Count"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LedgerView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "enter-ledger": {
        parameters: {
            query?: never;
            header?: {
                "Accept-Language"?: string;
            };
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Count"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LedgerView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "open-meeting": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Meeting"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "set-overall-cap": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CapInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultConclusions"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-pages": {
        parameters: {
            query?: {
                group?: string;
                state?: "read" | "rejected" | "adjudicated" | "accepted" | "set_aside";
                /** @description only pages with a flag, of their own or of their leaf, or about which somebody has said whether the leaf counts */
                flagged?: boolean;
                after?: string;
                limit?: number;
            };
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageList"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-page": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
                /** @description page id */
                page: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "set-aside": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
                /** @description page id */
                page: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetAsideInputBody"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "page-picture": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
                /** @description page id */
                page: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                    "image/png": string;
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    decide: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
                /** @description page id */
                page: string;
                /** @description roster number */
                subject: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DecideInputBody"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "row-picture": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
                /** @description page id */
                page: string;
                /** @description roster number */
                subject: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/png": string;
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "writing-picture": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
                /** @description page id */
                page: string;
                /** @description in the page's list of writing, from 0 */
                index: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/png": string;
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "preview-form": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreviewInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preview"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "print-master": {
        parameters: {
            query: {
                /** @description code, name or category of a voter group */
                group: string;
                /** @description with a cover sheet */
                cover?: boolean;
                /** @description to be shown in a frame of the pages, not as a download */
                show?: boolean;
            };
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "print-copies": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PrintCopiesInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "record-copies": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RecordCopiesInputBody"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "download-records": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": string;
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "export-records": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Signing"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Signed"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    release: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Signing"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Signed"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reopen: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Signing"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Signed"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    results: {
        parameters: {
            query?: {
                /** @description only subjects of this report mode */
                mode?: "oral" | "written";
                /** @description only this group's table; a group as counted, as A or A+C */
                group?: string;
                /** @description part of a name, organisation, post or delegate, or a number */
                q?: string;
                /** @description default: the order of the rules */
                sort?: "no" | "name" | "org" | "mode" | "rank" | "good" | "score" | "blank" | "invalid";
                /** @description from the largest to the smallest */
                desc?: boolean;
                /** @description leave out so many of the subjects that the filter lets through */
                offset?: number;
                /** @description give so many of them at most; 0: all */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultPart"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    conclude: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
                /** @description roster number */
                subject: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConcludeInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultConclusions"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "upload-roll": {
        parameters: {
            query?: {
                /** @description put the sign-in sheet as PDF into the reply */
                pdf?: boolean;
            };
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** Format: binary */
                    file: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Roll"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "roll-template": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-roster": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Roster"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "put-roster": {
        parameters: {
            query?: never;
            header?: {
                /** @description refuse with conflict unless the part still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Roster"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Roster"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "upload-roster": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** Format: binary */
                    file: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Roster"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "order-roster": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OrderRosterInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ordered"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "read-roster": {
        parameters: {
            query?: never;
            header?: {
                "Accept-Language"?: string;
            };
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** Format: binary */
                    file: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DraftRoster"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-rules": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rules"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "put-rules": {
        parameters: {
            query?: never;
            header?: {
                /** @description refuse with conflict unless the part still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Rules"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rules"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    seal: {
        parameters: {
            query?: never;
            header?: {
                /** @description refuse with conflict unless the draft still has this ETag of check-meeting */
                "If-Match"?: string;
            };
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sealed"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "sign-in-sheet": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** Format: binary */
                    file: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    signatures: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Signatures"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    statement: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    summary: {
        parameters: {
            query?: {
                format?: "xlsx" | "csv";
            };
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                    "text/csv; charset=utf-8": string;
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "read-trial": {
        parameters: {
            query: {
                /** @description code, name or category of a voter group */
                group: string;
            };
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    file: string[];
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrialResult"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "print-trial": {
        parameters: {
            query: {
                /** @description code, name or category of a voter group */
                group: string;
            };
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": string;
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    unseal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Meeting"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-venues": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Venues"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "put-venues": {
        parameters: {
            query?: never;
            header?: {
                /** @description refuse with conflict unless the part still has this ETag */
                "If-Match"?: string;
            };
            path: {
                /** @description meeting id */
                meeting: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Venues"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Venues"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: {
                /** @description as an earlier sign-in set it: strangers' guesses do not hold up a known browser */
                pingyi_browser?: string;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LoginInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "confirm-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConfirmFactorInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "new-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewFactorInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewFactor"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "change-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePasswordInputBody"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionList"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "end-session": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "system-status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SystemStatus"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "roster-template": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenList"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "create-token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateTokenInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewToken"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "revoke-token": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountList"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "create-user": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateUserInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "update-user": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateUserInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "reset-factor": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    version: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Version"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
