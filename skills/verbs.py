"""Verbs that begin a label of something people do.

From the detailed work activities of O*NET 28 (public domain, CC BY 4.0), which all begin with one, and from lists of
skills as companies keep them. Nouns that look the same (“Market research”) are left out where the noun is commoner.
"""

WORDS = """
accept accompany achieve acknowledge acquire act activate adapt add address adhere adjust administer adopt advertise
advise advocate agree aid align allocate allow analyse analyze anticipate apply appoint appraise approve arbitrate
arrange articulate ask assemble assess assign assist assure attach attend attract audit authorise authorize automate
balance bill block book brief bring build buy calculate calibrate call capture care carry categorise categorize
celebrate challenge check choose clarify classify clean clear close coach code collaborate collate collect combine
commission communicate compare compile complete comply compose compute conduct confer configure confirm conform
connect consider consolidate construct consult contact contribute control convert convince cook cooperate coordinate
correct correspond count create cultivate customise customize cut debug decide decline decorate define delegate
deliver demonstrate deploy describe design detect determine develop devise diagnose direct disassemble discuss
dismantle dispatch display dispose distribute document download draft draw drive earn edit educate elicit employ
enable encourage enforce engage enhance ensure enter entertain erect escalate establish estimate evaluate examine
exchange execute exercise expedite explain explore express extract facilitate fasten fill find finish fit fix follow
forecast formulate gather generate get give grade greet grow guard guide handle help hire hold host identify
illustrate implement import improve increase inform inspect inspire install instruct integrate interact interpret
intervene interview introduce inventory invest investigate invite invoice involve issue judge justify keep label
launch lay lead learn level liaise lift listen load locate log look maintain make manage manipulate manoeuvre
maneuver manufacture map mark match measure mediate meet mentor merge minimise minimize mix modify monitor motivate
mount move name navigate negotiate notify observe obtain offer open operate optimise optimize order organise
organize outline oversee pack package participate pass pay perform persuade photograph pick pilot place plan plant
polish position prepare prescribe present preserve prevent price prioritise prioritize process procure produce
program promote prompt proofread propose protect prove provide publish purchase put qualify question quote raise
rate reach react read reassemble rebuild receive recognise recognize recommend reconcile record recruit redesign
reduce refer regulate reject relay release relieve remind remove renew repair replace reply report represent request
research reset resolve respond restock restore retain retrieve return review revise rotate route run sample save
schedule score scrutinise search secure see select sell send serve service set shape share ship show sign simplify
sketch smooth solve sort specify stack start stay stock store study submit summarise summarize supervise supply
support survey synthesise tag take talk teach tell tend terminate test thank think tidy time trace track trade train
transcribe transfer transform translate transport travel treat trim troubleshoot tutor type understand undertake
unload unpack update upgrade use utilise utilize validate verify visit wait warn wash watch weigh welcome work wrap
write
"""
VERBS = frozenset(WORDS.split())

# More than one syllable, the last one stressed, or an l that British spelling doubles anyway.
STRESSED = """
admit allot begin cancel commit compel confer control counsel defer emit enrol equip excel expel forget format input
label model offset omit outrun output patrol permit prefer program propel rebut recur refer regret remit repel rerun
reset resubmit signal submit total transfer transmit travel undercut unzip upset
"""
DOUBLED = frozenset(STRESSED.split())
