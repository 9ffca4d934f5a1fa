/* tone_rules.c - the shapes of sentences that close ears, as rows (report/tone.h). */
#include "report/tone.h"

const struct tone_class TONE_CLASSES[] = {
	{ "WE", "i we" },
	{ "OUR", "our my" },
	{ "YOU", "you u" },
	{ "YOUR", "your yours" },
	{ "NOT", "not no never nothing nobody none neither without hardly" },
	{ "WILL", "will shall gonna" },
	{ "MODAL", "will shall can could may might would must" },
	{ "NUM", "# a an one two three four five six seven eight nine ten twelve "
		 "fourteen few couple several half another" },
	{ "COUNT",
	  "# one two three four five six seven eight nine ten twelve fourteen few "
	  "couple several half another next" },
	{ "UNIT",
	  "second* minute* hour* day* week* month* fortnight h hrs business working" },
	{ "DAY",
	  "monday tuesday wednesday thursday friday saturday sunday today tonight "
	  "tomorrow noon midnight weekend january february march april june july "
	  "august september october november december christmas then" },
	{ "ENDING",
	  "end close start beginning time # monday tuesday wednesday thursday "
	  "friday saturday sunday coming following next weekend last latest" },
	{ "HASTE", "now today tonight instantly immediately promptly forthwith asap "
		   "straightaway urgently quickly fast pronto" },
	/* what a command to a network begins with */
	{ "ACTION",
	  "act ban block bring cancel change check clean close comply confirm control "
	  "cut deal delete disable disconnect drop end ensure evict examine expel explain "
	  "fix get give halt identify inform inspect investigate isolate justify kick kill "
	  "locate make patch prevent prove pull put quarantine remove repair report reset "
	  "resolve restrain secure send shut silence sort stop supply suspend switch "
	  "take teach tell terminate throw trace track turn unplug update wake wipe" },
	{ "REPLY", "answer reply respond write react" },
	{ "SOFT",
	  "please kindly could would may might perhaps maybe happy glad gladly grateful "
	  "welcome thank thanks help helps useful kind feel wish appreciate* prefer hope "
	  "obliged sorry excuse" },
	{ "GLAD",
	  "gladly happy glad grateful welcome sorry excuse thank thanks help please "
	  "disregard" },
	{ "PEOPLE",
	  "staff team teams people personnel technician* engineer* employee* operator* "
	  "colleague* management manager* boss* director* company crew lot support "
	  "administrator* sysadmin* admin* insider* friends department desk firm provider "
	  "outfit organisation organization" },
	{ "CUSTOMER",
	  "customer* client* user* subscriber* tenant* host hosts machine* server* "
	  "network box" },
	{ "CULPABLE",
	  "attack attacks attacked attacking hack hacks hacked hacking scan scanned "
	  "scanning probe probed probing flood flooded flooding spam spammed steal stole "
	  "stealing harbour* harbor* shelter* protect protects protecting profit profits "
	  "profiting earn earns earning encourage* encouraging ignore ignored ignores "
	  "ignoring neglect* refuse refused refuses refusing hide hides hiding conceal* "
	  "lied lying guilty complicit condone* behind involved accomplice* tolerate* let "
	  "lets allow allows allowed allowing permit permits permitted assist* sponsor* "
	  "enable* enabling welcome* cover covers covering blame caused knew aware chose "
	  "invite* failed fail fails failing" },
	{ "CARE",
	  "care answer answered react reacted act acted respond responded do done fix "
	  "fixed stop stopped reply replied bother bothered want listen listened "
	  "understand understood manage managed check checked look looked lift lifted "
	  "learn learned learnt notice noticed handle" },
	/* what a threat threatens with */
	{ "ADVERSE",
	  "block filter drop cut cease discard reject refuse publish expose escalate pursue "
	  "punish bar ban exclude denounce bill charge fine claim ensure see blackhole "
	  "deny shut isolate disconnect warn complain report tell inform notify name list "
	  "post advise contact hold make find stop turn pull recommend boycott cancel end "
	  "take go proceed act respond resort consider remember" },
	{ "GRIM",
	  "regret regrets bin press newspaper* media journalist* upstream* peer* transit "
	  "reputation public publicly world everyone* everybody board ceo boss bosses "
	  "invoice bill cost costs expensive worse steps measures action further names "
	  "entire whole all ranges refuse publish expose escalate filter filtered block "
	  "blocked drop dropped ban banned" },
	{ "WARNED",
	  "regret hear learn find wish pay lose suffer feel see remember know be" },
	/* something goes on that should not, or nothing is done */
	{ "UNDONE",
	  "not no nothing nobody never fail fails ignore ignored continue continues "
	  "continuing goes go going persist persists keep keeps again refuse silence "
	  "remain remains stay stays still another more otherwise repeat" },
	{ "SOURCE", "address addresses host hosts machine server source culprit origin "
		    "customer client computer system one" },
	{ "CERTAIN",
	  "certain certainly definite definitely undoubtedly undeniably unquestionably "
	  "indisputable indisputably proven proves proof positive conclusive conclusively "
	  "incontestable guilty beyond" },
	{ "SCORN",
	  "lazy amateur* joke pathetic ridiculous laughable embarrass* sloppy worthless "
	  "garbage trash rubbish cesspool sewer filth* rotten fool* dumb ignoran* asleep "
	  "sleeping blind lousy clown* circus disgust* vermin parasite* thug* appalling "
	  "unacceptab* intolerab* outrag* hopeless careless reckless awful terrible "
	  "horrible miserable worst inept unprofession* incapable nonsense absurd "
	  "dishonest liar* coward* greedy shady crooked dirty rogue nest cheap scandal* "
	  "mess swamp brain* nose kindergarten child* wits deaf mockery toilet" },
	{ "LEGAL",
	  "solicitor* barrister* litigat* damages tribunal statut* unlawful* illegal* "
	  "jurisdiction felony offence offense indict* injunction subpoena answerable "
	  "accountable liabilit* criminally tort suing sued lawful* culpab* penal sue sues punishable prison fined lawbreak* prosecution" },
	{ "LAWISH", "act law laws code directive regulation regulations gdpr statute" },
	{ "OFFICIAL",
	  "regulator* ombudsman interpol europol prosecution ministry cybercrime "
	  "constabulary sheriff detective* csirt certs watchdog" },
	{ "COUNTRY",
	  "china chinese russia russian russians iran iranian korea korean vietnam "
	  "vietnamese ukraine ukrainian brazil brazilian india indian nigeria nigerian "
	  "romania romanian bulgaria bulgarian turkey turkish germany german france french "
	  "netherlands dutch america american usa pakistan indonesia indonesian taiwan "
	  "thailand poland polish belarus hongkong israel israeli japan japanese egypt "
	  "moldova latvia lithuania panama seychelles bangladesh mexico argentina italy "
	  "italian spain spanish singapore" },
	{ "PLACE",
	  "address ip located location origin originat* hosted traffic attack attacks "
	  "attacking country host machine server based comes came geolocat*" },
};
const size_t TONE_CLASS_COUNT = COUNT_OF(TONE_CLASSES);

#define TAG(class, pattern, unless)                \
	{                                          \
		NULL, (class), (pattern), (unless) \
	}
#define ROW(rule, pattern, unless)                \
	{                                         \
		(rule), NULL, (pattern), (unless) \
	}
#define CONDITION "if|unless|should|until|when|otherwise|once"

const struct tone_row TONE_ROWS[] = {
	/* ---- what later rows build on ---- */
	TAG("IMPERATIVE", "^ ACTION", NULL),
	TAG("IMPERATIVE",
	    "^ so|now|then|just|simply|kindly|please|and|or|at ACTION|REPLY", NULL),
	TAG("IMPERATIVE", "^ REPLY", "want|like|prefer|more"),
	TAG("IMPERATIVE", "IMPERATIVE ~ and|or ACTION|REPLY", NULL),
	TAG("DATE", "by DAY", NULL),
	TAG("DATE", "by the|this ENDING|DAY", NULL),
	TAG("DATE", "by COUNT", NULL),
	TAG("DATE", "by close|end of", NULL),
	TAG("DATE", "within|in|under the|a|an COUNT|UNIT", NULL),
	TAG("DATE", "within|in|inside|under|after NUM UNIT", NULL),
	TAG("DATE", "within|in the next", NULL),
	TAG("DATE", "NUM UNIT from now", NULL),
	TAG("DATE", "until|till|before DAY", NULL),
	TAG("DATE", "until|till|before the|this ENDING|UNIT|DAY", NULL),
	TAG("DATE", "until|till|before COUNT|NUM", NULL),
	TAG("DATE", "no|not later than", NULL),
	TAG("DATE", "at the latest", NULL),
	TAG("DATE", "this week|evening|morning|afternoon|minute|instant", NULL),
	TAG("DATE", "on|before|latest DAY", NULL),
	TAG("DATE", "HASTE", NULL),
	TAG("DATE", "right|straight away|now", NULL),
	TAG("DATE", "without delay", NULL),
	TAG("DATE", "without further|any delay", NULL),
	TAG("DATE", "same|very day", NULL),
	TAG("OUGHT", "must|shall|ought", "pardon"),
	TAG("OUGHT", "have|had|need|needs to", "not|no|never|nothing|SOFT"),
	TAG("OUGHT", "had better", NULL),
	TAG("OUGHT",
	    "are|is|be required|obliged|obligated|bound|supposed|expected|compelled",
	    "not|no|never"),
	TAG("READER", "YOU", NULL),
	TAG("READER", "YOUR ~ PEOPLE", NULL),
	TAG("ADVERSITY", CONDITION " ~ UNDONE", NULL),
	TAG("ADVERSITY", "unless|otherwise", NULL),
	TAG("ADVERSITY", "^ should|if ~ UNDONE", NULL),
	TAG("ADVERSITY", "^ ignore|refuse|continue|fail|keep|delay|wait", NULL),
	TAG("ADVERSITY", "^ do|say nothing", NULL),
	TAG("ADVERSITY", "or else", NULL),
	TAG("ADVERSITY", "one more|last", NULL),
	TAG("MAYBE",
	    "may|might|perhaps|maybe|possibly|could|whether|if|suspect|suppose|probably",
	    NULL),

	/* ---- threats ---- */
	ROW("threat", "ADVERSITY ... WE WILL ~ ADVERSE|GRIM", "GLAD"),
	ROW("threat", "ADVERSITY ... WE am|are ~ ADVERSE|GRIM", "GLAD"),
	ROW("threat", "ADVERSITY ... WE have|must|need ~ ADVERSE|GRIM", "GLAD|not"),
	ROW("threat", "ADVERSITY ... WE ADVERSE|GRIM", "GLAD"),
	ROW("threat", "ADVERSITY ... ^ WE ADVERSE|GRIM", "GLAD"),
	ROW("threat", "ADVERSITY ... and|or WE ~ ADVERSE|GRIM", "GLAD"),
	ROW("threat", "ADVERSITY ... WILL|goes|go ~ GRIM|hear|know|learn", "GLAD"),
	ROW("threat",
	    "ADVERSITY ... every|all|any ~ YOU|YOUR ... bin|filter*|block*|drop*",
	    NULL),
	ROW("threat", "ADVERSITY ... OUR next|patience", NULL),
	ROW("threat", "ADVERSITY ... YOUR ~ WILL|is|are be|end|go|land|appear", "GLAD"),
	ROW("threat", "WE WILL ~ ADVERSITY ~ GRIM", "GLAD"),
	ROW("threat", "WE WILL|can|could ~ ADVERSE|GRIM ... ADVERSITY", "GLAD"),
	ROW("threat", "or|and|then WE WILL ~ block|filter|publish|refuse|expose|drop",
	    NULL),
	ROW("threat", "or|then WE WILL ~ ADVERSE", "GLAD|MAYBE"),
	ROW("threat",
	    "WE am|are prepared|ready|determined|forced|going to ~ GRIM|ADVERSE",
	    "GLAD|SOFT"),
	ROW("threat", "WE WILL ~ YOUR|YOU ~ GRIM", "GLAD"),
	ROW("threat", "WE WILL ~ GRIM ~ YOUR|YOU", "GLAD"),
	ROW("threat", "reserve ~ right", NULL),
	ROW("threat", "YOU WILL ~ regret|sorry|suffer|pay|lose|wish|remember", "GLAD"),
	ROW("threat", "YOU WILL ~ find|see|learn|hear|know|feel ~ what|how|out|who",
	    "GLAD"),
	ROW("threat", "YOU WILL ~ hear|find ~ from", "GLAD"),
	ROW("threat", "no|other choice|option|alternative|way but|than|except|left",
	    NULL),
	ROW("threat",
	    "leave|leaves|left|have|has WE|us|me|with ~ no|little choice|option", NULL),
	ROW("threat", "OUR patience", NULL),
	ROW("threat", "next letter|mail|message|call|step|report ~ WILL|goes|is to|go",
	    NULL),
	ROW("threat", "next letter|mail|message|call|step|report ~ goes|go", NULL),
	ROW("threat", "last|final chance|reminder|opportunity", "SOFT"),
	ROW("threat", "^ this is OUR|the|YOUR last|final", "SOFT"),
	ROW("threat", "be|been|consider* ~ warned|warning", NULL),
	ROW("threat", "think|consider ~ YOUR ~ reputation|name|business", NULL),
	ROW("threat", "YOUR ~ reputation|name|business ~ WILL|suffer*|on", NULL),
	ROW("threat", "bad|hard|costly|expensive|unpleasant|ugly for YOU", NULL),
	ROW("threat", "make sure|certain ~ everyone|everybody|nobody|YOU|YOUR|world",
	    NULL),
	ROW("threat", "WE know where|who YOU", NULL),

	ROW("threat", "say|kiss|wave goodbye|farewell", NULL),
	ROW("threat", "not be|act|look surprised|astonished", NULL),
	ROW("threat", "YOU can|may forget|kiss|expect|count", "not|SOFT"),
	ROW("threat", "YOU ~ not|never ~ reach|see|hear|enter ~ OUR|us|again",
	    "SOFT|MAYBE"),
	ROW("threat",
	    "we|i|others|they|everybody ~ stop|cease|refuse ~ talking|accepting|"
	    "peering|routing|listening|trusting",
	    "not"),
	ROW("threat",
	    "YOUR ~ name|address|ranges|prefixes|customers|network ~ WILL ~ stand|be|"
	    "appear|go|land|end|find",
	    "GLAD|MAYBE"),
	ROW("threat",
	    "show|tell|print|post|mention ~ OUR members|users|readers|customers|"
	    "friends|followers ~ YOU|YOUR|who",
	    "not"),
	ROW("threat", "mark OUR words", NULL),
	ROW("threat", "do not|never test|try|push|tempt|provoke|underestimate|make",
	    "SOFT"),
	ROW("threat", "know|have ~ ways|means|friends ~ to|in", "SOFT|not"),

	ROW("threat",
	    "nobody|none|one ~ WILL ~ accept|deliver|trust|talk|buy|peer|listen",
	    "GLAD"),
	ROW("threat",
	    "WILL be told|warned|informed|advised ~ avoid|which|who|about|against",
	    "GLAD"),
	ROW("threat", "avoid|boycott|shun YOU|YOUR", "not|SOFT"),
	ROW("threat", "YOU WILL ~ not|never ~ like|enjoy|forget", "SOFT"),
	ROW("threat", "WE WILL ~ see|meet|find YOU", "SOFT|GLAD"),
	ROW("threat", "WILL|would have ~ consequences|repercussions|price|aftermath",
	    "not"),

	ROW("threat", "OUR ~ drop|block|ban|deny|black table|list|lists|filter*",
	    "not|SOFT"),
	ROW("threat", "ADVERSITY ... so WILL|do OUR", NULL),
	ROW("threat", "^^ if ~ silent|quiet|idle", "SOFT"),
	ROW("threat", "no second|further|more letter|warning|mail|reminder|notice",
	    "SOFT|want|GLAD"),
	ROW("threat", "YOU have been told|warned|informed", NULL),
	ROW("threat", "only|but measures|action|deeds", NULL),

	/* ---- dates for others ---- */
	ROW("ultimatum",
	    "^^ COUNT|forty|twenty|seventy ~ UNIT ... not|no|only|left|remain*|more",
	    "SOFT|stopped|ended|saw|seen|later"),
	ROW("ultimatum",
	    "is|are|has|have|had|needs to be ~ offline|off|gone|down|clean|closed|"
	    "fixed|stopped|quiet|over ~ when|DATE",
	    "not|no"),
	ROW("ultimatum",
	    "when WE come|return|am|are|look|check ~ DAY|back|again|tomorrow",
	    "SOFT|not|saw"),
	ROW("ultimatum", "WE ~ look|check|come|be ~ again|back ~ DATE ~ and", "SOFT"),
	ROW("ultimatum", "day|hour|minute|second ~ longer|more", "SOFT|needed|took"),
	ROW("ultimatum", "IMPERATIVE ... DATE", "not|nothing|whatever|want|blocked"),
	ROW("ultimatum", "IMPERATIVE ~ DATE", "whatever|nothing"),
	ROW("ultimatum", "^ please|kindly ... DATE", "see|saw|seen|blocked|whatever"),
	ROW("ultimatum", "DATE ... IMPERATIVE", "whatever|nothing|blocked|saw|please"),
	ROW("ultimatum", "YOU have DATE|COUNT", "seen|noticed|received|had"),
	ROW("ultimatum", "YOU have until|till", NULL),
	ROW("ultimatum", "YOU have NUM UNIT", NULL),
	ROW("ultimatum", "give|gives|grant|allow|leave|leaves YOU ~ UNIT|DATE", NULL),
	ROW("ultimatum",
	    "WE ~ want|expect|require|await|need|demand|look|count ... DATE",
	    "not|nothing"),
	ROW("ultimatum", "OUGHT ... DATE", "WE|not|nothing"),
	ROW("ultimatum", "READER ~ OUGHT ... DATE", "not|nothing"),
	ROW("ultimatum", "could|can|would YOU ... by|within|before NUM|DAY|the",
	    "whatever|possible|convenient"),
	ROW("ultimatum", "clock ~ ticking|running|started", NULL),
	ROW("ultimatum", "time ~ running out|up", NULL),
	ROW("ultimatum", "time is up", NULL),
	ROW("ultimatum", "WILL|WE ~ wait|waiting ~ no|not longer|more|beyond|past",
	    NULL),
	ROW("ultimatum", "by DAY|COUNT ~ latest", NULL),
	ROW("ultimatum", "not|no ~ UNIT|DAY ~ not|but ~ HASTE|today|DAY", NULL),

	ROW("ultimatum",
	    "COUNT UNIT ~ should|ought|must|WILL ~ plenty|enough|sufficient|suffice|do",
	    "not|needed"),
	ROW("ultimatum", "DATE ~ had better|be", "SOFT"),
	ROW("ultimatum", "WE ~ look|check|count ~ again ~ DATE|DAY", "MAYBE|SOFT"),

	ROW("ultimatum", "counting|count the hours|days|minutes|seconds", NULL),

	/* ---- demands ---- */
	ROW("demand", "IMPERATIVE", "SOFT|whatever|want|like"),
	ROW("demand", "^ answer|tell|give me|us", "SOFT|want|like"),
	ROW("demand", "READER ~ OUGHT", "not|no|SOFT|hard|busy|much"),
	ROW("demand", "READER should|shall ACTION|stop|have|be|know|take|look|REPLY",
	    "not|SOFT|find|need|wish"),
	ROW("demand", "READER ~ better ACTION|CARE|REPLY", NULL),
	ROW("demand", "YOUR ~ OUGHT", "not|no|SOFT"),
	ROW("demand",
	    "WE ~ want|require|order|instruct|demand|insist|command|urge|direct "
	    "YOU|that|this|it|on|YOUR",
	    "not|only|no"),
	ROW("demand",
	    "WE ~ want|require|demand ~ gone|stopped|off|closed|removed|confirmation|"
	    "explanation|answer|answers|report|proof|names|apology",
	    "not|only|no"),
	ROW("demand",
	    "WE|OUR ~ expect|expects|await|count ~ YOU|answer|action|reply|"
	    "explanation|confirmation|result|results|compensation|apology|this|it",
	    "not|no|nothing|certain"),
	ROW("demand", "duty|obligation|task|job|responsibility ~ to|of ACTION|put|CARE",
	    "OUR|not|no"),
	ROW("demand", "YOUR ~ duty|obligation|responsibility|job", "not|no"),
	ROW("demand",
	    "it|this ~ OUGHT ~ stop|stopped|end|cease|dealt|fixed|closed|"
	    "disconnected|removed|happen",
	    "not|no"),
	ROW("demand", "it|this is up to|for YOU to ACTION|put|CARE", "SOFT"),
	ROW("demand", "^ ACTION ~ or|before", "SOFT|want|like"),
	ROW("demand", "why ~ not|still ~ not|done|stopped|fixed|gone|acted", NULL),
	ROW("demand",
	    "explain|justify|explanation ~ why|how|yourself|yourselves|of|for",
	    "SOFT|WE"),
	ROW("demand", "owe|owes|owed|deserve WE|us|me|an|explanation|answer", "not"),
	ROW("demand", "not ask|asking again|twice", NULL),

	ROW("demand",
	    "is|are|has|have|needs to be ~ offline|off|gone|down|closed|stopped|"
	    "removed|disconnected|terminated|suspended",
	    "not|no|SOFT"),
	ROW("demand", "has|have|needs|must|got to ~ stop|end|cease|go|disappear",
	    "not|no|MAYBE|SOFT|WE"),
	ROW("demand",
	    "this|it|that|attack*|host|machine|server|customer|account ~ must|ought",
	    "not|MAYBE|SOFT|seen"),
	ROW("demand",
	    "no|any|save excuses|excuse|ifs|delays|discussion|canned|template",
	    "reports|WE|packets|attempts"),
	ROW("demand", "excuses|results|action ~ not|and|just|only|now", "SOFT"),
	ROW("demand", "WE must|have|need to|ask|insist|tell|request ~ YOU|that",
	    "not|sorry"),
	ROW("demand", "time|high|about ~ that|for YOU|YOUR ~", "not|SOFT"),
	ROW("demand", "enough is enough", NULL),
	ROW("demand", "had|have|is|more enough ~ of|with|from", "SOFT|not"),
	ROW("demand", "WE ~ tired|sick|fed ~ of|up", NULL),

	ROW("demand", "expect|expects|accept|settle ~ nothing|no less", NULL),
	ROW("demand", "WE ~ accept|tolerate|stand|allow|put ~ no|not|up", "MAYBE|SOFT"),
	ROW("demand",
	    "stop|cease|quit wasting|bothering|attacking|sending|scanning|annoying|"
	    "harassing|flooding|probing",
	    "WE|not"),

	ROW("demand", "YOU|READER are|is to ACTION|lock|REPLY|stop", "not|SOFT"),
	ROW("demand", "nothing but|less|short", "SOFT"),
	ROW("demand", "acceptable|unacceptable ~ to us|me", NULL),

	ROW("legal", "complaint* ~ under|law|prosecut*|prepared|filed|lodged",
	    "not|SOFT"),
	ROW("legal", "criminal law|code|charge|charges|offence|complaint", "not"),
	/* ---- the law ---- */
	ROW("legal", "trial|lawsuit*|judge|judges|magistrate", "not"),
	ROW("legal", "keep|kept|preserve*|secured|saved ~ evidence|proof ~ for|against",
	    "SOFT"),
	ROW("legal", "LEGAL", NULL),
	ROW("legal",
	    "under|against|of|by|break*|breach*|violat* ~ the|your|our|national ~ "
	    "LAWISH",
	    NULL),
	ROW("legal", "breach|violation|break* ~ of|the ~ LAWISH|contract", NULL),
	ROW("legal", "hold|held|holding YOU|YOUR ~ responsible|to|for", NULL),
	ROW("legal", "hold|held|holding ~ responsible", "not"),
	ROW("legal",
	    "responsible|answer for ~ damage*|loss*|hour*|cost*|harm|every|all|any",
	    "not"),
	ROW("legal", "claim|compensat*|recover|reimburs* ~ from YOU|YOUR|damage*|cost*",
	    "not"),
	ROW("legal", "compensat*|reimburs*", "not|no"),
	ROW("legal",
	    "press|pressing|file|filed|filing|bring ~ charges|complaint|claim|suit",
	    "not|no"),
	ROW("legal", "OUR ~ counsel|legal|insurer*|insurance", "not"),
	ROW("legal", "judge|judges|jury|court|courts|trial ~ WILL|decide*", NULL),
	ROW("legal", "see|meet YOU in|before", NULL),
	ROW("legal",
	    "legal ~ action|steps|department|proceedings|advice|team|consequence*",
	    NULL),
	ROW("legal",
	    "crime|crimes|criminal ~ is|offence|under|act|code|complaint|charges",
	    NULL),
	ROW("authority", "OFFICIAL", NULL),
	ROW("authority",
	    "WE ~ report|reported|file|filed|pass|passed|hand|handed|notif* ~ "
	    "agency|authority|government|officer|officers|state|federal",
	    "not"),
	ROW("authority",
	    "data protection|privacy authority|officer|agency|commissioner*", NULL),

	/* ---- blow for blow ---- */
	ROW("retaliation", "in kind", NULL),
	ROW("retaliation",
	    "do|give|try|show|send the same|likewise ~ to|with|on YOU|YOUR",
	    "thank|thanks|SOFT"),
	ROW("retaliation", "two can play", NULL),
	ROW("retaliation", "taste of", NULL),
	ROW("retaliation", "return|returning the favour|favor|fire|visit", NULL),
	ROW("retaliation",
	    "pay|paid|paying|payback|hit|strike|shoot|fire|bite|scan|flood back", NULL),
	ROW("retaliation", "payback|vengeance|revenge|tit|eye", "SOFT"),
	ROW("retaliation",
	    "WE MODAL ~ attack|flood|scan|hit|overload|crash|probe|knock|strike ~ YOU|YOUR|it|"
	    "them|that",
	    "not"),
	ROW("retaliation",
	    "WE|OUR ~ start*|began|begin|am|are ~ scanning|flooding|attacking|"
	    "probing ~ YOU|YOUR|it|back",
	    "not"),
	ROW("retaliation", "OUR ~ than YOUR", NULL),
	ROW("retaliation", "WE MODAL ~ do|play|act ~ same|game|too|as|likewise",
	    "SOFT|not"),
	ROW("retaliation", "see how YOU like", NULL),
	ROW("retaliation", "how would YOU like", NULL),
	ROW("retaliation", "take|taking matters|it into OUR", NULL),

	ROW("retaliation",
	    "WE|OUR ~ fire|fires|fired|firing|point|pointed|pointing|aim|aimed|aiming|throw|"
	    "throws|threw|shoot|shoots|shot|shooting|direct|directed|unleash*|launch*|pour ~ at|"
	    "on|against|to|towards|back",
	    "SOFT|not"),
	ROW("retaliation", "ten|twice|double|same ~ for each|every|one", "SOFT"),
	ROW("retaliation", "for each|every|one ~ WE ~ send|fire|return|ten|two",
	    "SOFT"),
	ROW("retaliation", "keep|keeping ~ it|them|YOU|host|him ~ busy", NULL),
	ROW("retaliation", "it|they|he|YOU WILL be busy|sorry|slow|dead", NULL),
	ROW("retaliation",
	    "counter|counterattack|countermeasure* ~ against|on|at|attack*", NULL),

	ROW("retaliation",
	    "each|every knock|packet|attack|attempt|probe|hit|visit ~ WILL be",
	    "SOFT|shown|listed"),
	ROW("retaliation",
	    "answered|returned|repaid|met with|by|in ~ #|hundred|thousand|ten|same",
	    "SOFT"),
	ROW("retaliation",
	    "love|like|happy|glad|pleased to meet|visit|greet|play|knock ~ YOUR", NULL),

	ROW("retaliation",
	    "OUR|WE ~ answer|reply|response|reaction ~ hurt|sting|painful|felt", NULL),
	ROW("retaliation", "WILL hurt|sting", "not|SOFT"),

	/* ---- scorn ---- */
	ROW("insult",
	    "nobody|no|not|anybody|anyone ~ at|in|on|over YOUR place|end|side|office|"
	    "house|desk|shop",
	    "SOFT|MAYBE|fault|mean|thank"),
	ROW("insult", "simple|small|short words|letters ~", "SOFT|not"),
	ROW("insult",
	    "do us|me|yourself|yourselves|everybody|everyone|all ~ favour|favor", NULL),
	ROW("insult",
	    "learn|teach|read|study how|the|something ~ to|basics|manual|trade|about",
	    "WE|SOFT"),
	ROW("insult",
	    "apparently|obviously|evidently|clearly|plainly ~ YOU|YOUR|nobody|no|"
	    "beyond|too",
	    "MAYBE|SOFT|log"),
	ROW("insult",
	    "beyond|above|over YOUR|YOU ~ abilities|skills|head|capacity|competence",
	    NULL),
	ROW("insult",
	    "too hard|difficult|much|complicated|busy|important ~ for|to ~ YOU|YOUR|"
	    "answer|care|reply",
	    "SOFT|not|know|MAYBE"),
	ROW("insult", "stop pretending|playing|sleeping|hiding|whining", NULL),
	ROW("insult", "congratulations|bravo", "SOFT"),
	ROW("insult", "worst|poorest|slowest ~ YOU|YOUR|network|abuse|provider", NULL),

	ROW("accusation", "comes|came|come|is|was ~ from|in|inside|within YOUR own",
	    "MAYBE|SOFT|not"),
	ROW("accusation", "who else ~ ?", "SOFT"),
	ROW("accusation",
	    "complaint*|report*|letter*|mail|mails ~ vanish*|disappear*|"
	    "unread|unanswered|deleted|wasted|dustbin|void|land|lands|nowhere",
	    "MAYBE|SOFT|lost"),
	ROW("accusation", "as always|usual", "SOFT|not|service"),
	ROW("accusation",
	    "plain|clear|obvious|evident|known ~ that|to YOU|YOUR|all|everybody",
	    "not|MAYBE|SOFT"),
	ROW("accusation", "because they|he|it|customers pay|pays|paid|rent|bring",
	    NULL),
	ROW("accusation",
	    "still ~ not|no ~ answer*|reaction|reply|response|sign ~ from|of|by",
	    "SOFT|expect*"),
	ROW("accusation",
	    "WE ~ told|warned|wrote|written|asked|reported ~ YOU ~ times|already|"
	    "before|again|twice|months|weeks",
	    "SOFT|help*|thank*|another"),
	ROW("insult", "READER|YOUR ~ SCORN", "not"),
	ROW("insult",
	    "SCORN ~ YOU|YOUR|network|provider|hosting|company|operation|staff", "not"),
	ROW("insult", "SCORN ~ like|as ~ YOU|YOUR", NULL),
	ROW("insult", "what kind|sort of ... YOU|YOUR ?", NULL),
	ROW("insult",
	    "what kind|sort of network|company|provider|people|outfit|hosting", NULL),
	ROW("insult", "how can|could|dare|do YOU ... ?", "SOFT|best|contact|reach"),
	ROW("insult", "how dare", NULL),
	ROW("insult",
	    "does|is|has|do any|anybody|anyone|somebody|someone ~ there|YOUR|YOU ... ?",
	    "SOFT"),
	ROW("insult",
	    "does|is|has|do anybody|anyone|somebody|someone ~ ever|even|still|at ... ?",
	    "SOFT"),
	ROW("insult",
	    "^^ are|do|did|have|can YOU ~ even|ever|really|seriously|serious|not|"
	    "no|asleep|proud|aware|all|know ... ?",
	    "SOFT"),
	ROW("insult", "^^ why ~ YOU|YOUR ... ?", "SOFT"),
	ROW("insult", "^^ who ~ YOU|YOUR ... ?", "SOFT|best|should|contact"),
	ROW("insult", "have YOU no|never", NULL),
	ROW("insult", "better|worse|more|less ~ than YOU|YOUR|yours",
	    "SOFT|not|rather"),
	ROW("insult", "than YOU do|did|can|have|are", "rather|not"),
	ROW("insult", "YOU ~ call|calls|calling ~ yourself|yourselves|this|that", NULL),
	ROW("insult", "so called|called provider|abuse|security|professional*|experts",
	    NULL),
	ROW("insult", "no idea|clue ~ what|how|about|of", "WE"),
	ROW("insult", "YOUR ~ so called", NULL),
	ROW("insult", "even a child|beginner|monkey|trained", NULL),
	ROW("insult", "learn|go|back ~ YOUR trade|job|school", NULL),
	ROW("insult", "wake up", "SOFT"),
	ROW("insult", "do|doing YOUR job|jobs|work|homework", NULL),

	/* ---- blame ---- */
	ROW("insult", "this|so|how|very|that badly|poorly|carelessly|sloppily",
	    "WE|not|SOFT"),
	ROW("insult", "^^ is|are there a|an|any|anybody|anyone|no ... ?",
	    "SOFT|better|way|form|address|other|anything|contact"),
	ROW("insult", "hoped|expected ~ more|better of|from", "not|WE can"),
	ROW("insult", "call|calls|calling themselves|itself|himself", NULL),
	ROW("insult", "takes|take|needs|requires ~ talent|genius|skill ~ to", NULL),
	ROW("accusation", "accomplice*|complicit|accessory|collusion|collud*", NULL),
	ROW("accusation",
	    "READER ~ been|are|keep|kept looking|watching|sleeping|standing|sitting",
	    "MAYBE|SOFT|for us"),
	ROW("accusation",
	    "looking|look|looked|stand|standing|watch|watching on|by|idly ~ while|as|is",
	    "MAYBE|SOFT|WE"),
	ROW("certain",
	    "WE know ~ that|exactly|perfectly|well|who|for ~ SOURCE|behind|did|it",
	    "not|lot|MAYBE|how|answer*"),
	ROW("certain", "is the one|person|man|source behind|who", "not|MAYBE"),
	ROW("insult", "only|just a|an fool|idiot*|beginner|child|amateur*", NULL),
	ROW("insult", "a|such|what fool*|clown*|joke|disgrace|farce|circus", "not"),
	ROW("recipients",
	    "same|this letter|mail|report|message ~ went|goes|sent|gone to",
	    "SOFT|not"),
	ROW("accusation", "READER CULPABLE", "not|no|MAYBE|SOFT"),
	ROW("accusation",
	    "READER ~ have|are|is|were|was|will|just|simply|obviously|clearly|"
	    "must|still|keep|knowingly CULPABLE",
	    "not|no|MAYBE|SOFT"),
	ROW("accusation",
	    "READER ~ CULPABLE ~ attack*|this|these|such|criminal*|it|us|abuse|"
	    "weeks|days|months|years|money",
	    "not|no|MAYBE|SOFT|excuse"),
	ROW("accusation", "READER|YOUR ~ behind ~ this|it|these|that", "not|no|MAYBE"),
	ROW("accusation", "READER ~ have|has|had known|watched|seen ~ for|about|and|it",
	    "MAYBE|not"),
	ROW("accusation",
	    "READER ~ money|profit|living|cash|fees|business ~ from|with|of|by|off",
	    "not|MAYBE"),
	ROW("accusation", "look|looks|looking|looked ~ other way|away", "SOFT|MAYBE"),
	ROW("accusation", "turn|turns|turning|turned a|your blind|deaf", NULL),
	ROW("accusation",
	    "READER do|does|did|are|is|have|has|will|can|could nothing|not|never|"
	    "no CARE|caring|interest*|bother*|doing|done|acting|trying|anything|"
	    "idea|able|willing|control",
	    "MAYBE|SOFT|know"),
	ROW("accusation", "READER never|nothing CARE", "MAYBE|SOFT"),
	ROW("accusation", "READER ~ did|done|do|doing|does nothing", "MAYBE|SOFT|need"),
	ROW("accusation", "READER|they ~ and did|do|does nothing", "MAYBE|SOFT"),
	ROW("accusation",
	    "YOUR CUSTOMER ~ attack|attacks|attacked|attacking|hacked|hacking|"
	    "steal*|stole|abuses|broke",
	    "MAYBE|not|SOFT|saw|seems|appears|appear"),
	ROW("accusation",
	    "YOUR|the ~ CUSTOMER ~ is|are|was|were a|an|the|no ~ villain*|thief|"
	    "thieves|spammer*|attacker*|offender*|culprit*|perpetrator*|pest|"
	    "menace|abuser*",
	    "not|MAYBE"),
	ROW("accusation",
	    "YOU|YOUR ~ thief|thieves|spammer*|offender*|culprit*|perpetrator*|"
	    "gangster*|bandit*|villain*|accomplice*|partner*",
	    "not|MAYBE"),
	ROW("accusation",
	    "culprit*|perpetrator*|villain*|thief|thieves|gangster*|bandit*", "not"),
	ROW("accusation", "one|some of YOUR ~ PEOPLE|own", "not|MAYBE|SOFT|or"),
	ROW("authority",
	    "competent|public|proper|relevant|responsible|higher ~ bodies|body|"
	    "places|quarters|agencies|offices",
	    "not|SOFT"),
	ROW("accusation", "YOUR own ~ PEOPLE", "not|MAYBE|SOFT"),
	ROW("accusation", "YOUR ~ fault|doing|negligence|mistake|failure",
	    "not|no|MAYBE"),
	ROW("accusation", "blame ~ YOU|YOUR", "not|no|never|nobody"),
	ROW("accusation", "because|since|as YOU ~ CARE|let|allow*|never|not",
	    "SOFT|MAYBE|need"),
	ROW("accusation", "thanks to YOUR ~ not|laziness|lack|PEOPLE", NULL),
	ROW("accusation", "inside job", NULL),
	ROW("accusation", "known|notorious|infamous|famous for|source|haven|nest|home",
	    "not"),
	ROW("accusation", "safe|bulletproof|bullet haven|proof|hosting|harbour", NULL),

	/* ---- surer than anybody can be ---- */
	ROW("certain", "CERTAIN ~ SOURCE", "not|no|cannot|MAYBE"),
	ROW("certain", "SOURCE ~ CERTAIN", "not|no|cannot|MAYBE"),
	ROW("certain", "no|any|without|beyond ~ doubt|question", "WE|SOFT"),
	ROW("certain", "WE am|are ~ sure|certain|positive|convinced", "not|MAYBE"),
	ROW("certain",
	    "no|not mistake|mistaken|possible|other|one|else ~ it|else|source|"
	    "explanation",
	    "know|found|WE|MAYBE|SOFT"),
	ROW("certain", "cannot|not ~ be anybody|anyone|anything|nobody|other else|but",
	    NULL),
	ROW("certain", "it was|is ~ YOUR ~ CUSTOMER", "not|MAYBE|or"),
	ROW("certain", "caught|catch YOU|YOUR|it|him|them ~ red|act", NULL),

	/* ---- what does not belong into a memo ---- */
	ROW("country", "COUNTRY ~ PLACE", NULL),
	ROW("country", "PLACE ~ in|from|of|to ~ COUNTRY", NULL),
	ROW("country", "geolocat*|geoip", NULL),
	ROW("country", "geo ip", NULL),
	ROW("recipients", "copy|copies|copied|cc|bcc ~ to|goes|went|sent", "log|SOFT"),
	ROW("recipients",
	    "WE ~ also|already told|informed|notified|written|sent|wrote|reported "
	    "~ this|it|to|YOUR|the|other",
	    "not"),
	ROW("recipients", "also goes|went|sent|addressed to", NULL),
	ROW("block-list",
	    "listed|entered|put|added|reported ~ on|in|to|into ~ list|lists|"
	    "database*|blacklists|feed|feeds|abuseipdb",
	    "contact|registr*|not"),
	ROW("block-list",
	    "score|scored|scoring|rating|reputation ~ #|of|is|at|list|database", "not"),
	ROW("advertising",
	    "^ try|buy|download|install|order|discover|get ~ OUR|tool|software|"
	    "tipoff|product|trial|now|free",
	    "not"),
	ROW("advertising",
	    "made|written|created|produced|brought|prepared ~ by|with|using ~ tool|software|tipoff",
	    "not"),
	ROW("advertising",
	    "best|leading|finest|award ~ tool|software|product|solution|service", NULL),
	ROW("advertising",
	    "WE|OUR ~ offer|offers|sell|sells|recommend ~ product*|service*|"
	    "software|tool|protection",
	    "not"),
};
const size_t TONE_ROW_COUNT = COUNT_OF(TONE_ROWS);
