import type { Page, Rule } from './page.ts';

/** A token whose maker gave it a recognisable beginning. */
interface Shape {
  /** Lower-case beginnings to look for. */
  readonly at: readonly string[];
  /** What must stand there, from the beginning on. A group `s` at its end narrows down what is secret. */
  readonly is: RegExp;
  /** No boundary is needed on the left (the shape is long and odd enough). */
  readonly anywhere?: boolean;
}

const shape = (at: string, source: string, anywhere = false): Shape => ({
  at: at.split(' '),
  is: new RegExp(source, 'y'),
  anywhere,
});

/** By kind of maker. Every quantifier is bounded. */
const SHAPES: readonly Shape[] = [
  // Source hosting and CI
  shape('ghp_ gho_ ghu_ ghs_ ghr_', String.raw`gh[pousr]_[A-Za-z0-9_.-]{16,600}`),
  shape('github_pat_', String.raw`github_pat_\w{20,300}`),
  shape(
    'glpat- glptt- gldt- glrt- glrtr- glsoat- glimt- glagent- glcbt- glft- gloas- glffct- glot- glwt-',
    String.raw`gl(?:pat|ptt|dt|rt|rtr|soat|imt|agent|cbt|ft|oas|ffct|ot|wt)-[\w=-]{16,300}(?:\.[\w=.-]{2,60})?`,
  ),
  shape('gr1348941', String.raw`GR1348941[\w-]{20,60}`),
  shape('atatt3 atctt3 atbb atbt', String.raw`AT(?:ATT3|CTT3|BB|BT)[\w=-]{24,400}`),
  shape('bbdc-', String.raw`BBDC-[A-Za-z0-9+/=]{40,60}`),
  shape(
    'ccipat_ ccipra_ ccirak_',
    String.raw`CCI(?:PAT|PRJ|PRA|RAK)_[A-Za-z0-9]{16,40}_[0-9a-f]{32,64}`,
  ),
  shape('bkua_ bkpt_ bkct_ bkaj_', String.raw`bk(?:ua|pt|ct|aj)_[0-9a-zA-Z]{32,80}`),
  shape('sqp_ squ_ sqa_', String.raw`sq[pua]_[0-9a-f]{40}`),
  shape('sntrys_ sntryu_', String.raw`sntry[su]_[A-Za-z0-9_+/=-]{30,400}`),
  shape('rdme_ pnu_ pnb_', String.raw`(?:rdme_[a-z0-9]{60,80}|pn[ub]_[A-Za-z0-9]{30,48})`),
  // Package registries
  shape('npm_', String.raw`npm_[A-Za-z0-9]{30,80}`),
  shape('pypi-', String.raw`pypi-[\w-]{40,600}`),
  shape('rubygems_', String.raw`rubygems_[0-9a-f]{40,60}`),
  shape('dckr_', String.raw`dckr_(?:pat|oat)_[\w-]{20,80}`),
  shape('cio', String.raw`cio[A-Za-z0-9]{32}(?![A-Za-z0-9])`),
  shape('oy2', String.raw`oy2[a-z0-9]{43}(?![a-z0-9])`),
  shape('clojars_', String.raw`CLOJARS_[a-z0-9]{50,70}`),
  shape('akcp cmvmd', String.raw`(?:AKCp[A-Za-z0-9]{60,80}|cmVmd[A-Za-z0-9]{55,64})`),
  // Clouds
  shape('akia asia abia acca', String.raw`(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Z0-9])`),
  shape('absk', String.raw`ABSK[A-Za-z0-9+/]{100,300}={0,2}`),
  shape(
    'iqojb3jpz2lu fwogzxivyxdz fqogzxivyxdz',
    String.raw`(?:IQoJb3JpZ2lu|FwoGZXIvYXdz|FQoGZXIvYXdz)[A-Za-z0-9+/=%]{40,4000}`,
  ),
  shape('aiza', String.raw`AIza[\w-]{33,36}`),
  shape('ya29.', String.raw`ya29\.[\w./-]{20,2000}`),
  shape('gocspx-', String.raw`GOCSPX-[\w-]{20,40}`),
  shape('1//0', String.raw`1\/\/0[\w-]{35,160}`),
  shape('dop_v1_ doo_v1_ dor_v1_', String.raw`do[opr]_v1_[0-9a-f]{40,80}`),
  shape('ltai', String.raw`LTAI[A-Za-z0-9]{12,24}(?![A-Za-z0-9])`),
  shape('akid', String.raw`AKID[A-Za-z0-9]{28,36}(?![A-Za-z0-9])`),
  shape('aqvn', String.raw`AQVN[\w-]{35,40}`),
  shape('scw', String.raw`SCW[A-Z0-9]{17}(?![A-Z0-9])`),
  shape('v1.0-', String.raw`v1\.0-[0-9a-f]{24}-[0-9a-f]{100,160}`),
  shape('cfpat- cfut_ cfat_ cfk_', String.raw`(?:CFPAT-[\w-]{40,48}|cf(?:ut|at|k)_[\w-]{32,80})`),
  shape('hrku-', String.raw`HRKU-[\w-]{30,80}`),
  shape(
    'flyv1 fo1_ fm1 fm2_',
    String.raw`(?:FlyV1[ ])?(?:fm[12][ar]?_[A-Za-z0-9+/=,_-]{60,4000}|fo1_[\w-]{40,60})`,
  ),
  shape('nfp_ nfc_ nfo_', String.raw`nf[pco]_[A-Za-z0-9]{30,50}`),
  shape('vcp_ vci_ vca_ vcr_ vck_', String.raw`vc[piark]_[A-Za-z0-9]{20,80}`),
  shape('rnd_', String.raw`rnd_[A-Za-z0-9]{24,40}`),
  shape('pscale_', String.raw`pscale_(?:tkn|oauth|pw)_[\w=.-]{30,70}`),
  shape('sbp_ sb_secret_', String.raw`(?:sbp_(?:v0_)?[0-9a-f]{40}|sb_secret_[\w-]{20,60})`),
  shape('napi_', String.raw`napi_[a-z0-9]{40,80}`),
  shape('tskey-', String.raw`tskey-[a-z]{2,14}-[\w-]{10,80}`),
  shape('dapi', String.raw`dapi[0-9a-f]{32}(?:-\d)?(?![0-9a-f])`),
  shape('dp.', String.raw`dp\.(?:pt|st|sa|ct|scim|audit|said)\.[\w.-]{30,100}`),
  shape('q~', String.raw`Q~[\w.~-]{31,34}`, true),
  shape('jqqj99', String.raw`JQQJ99[A-Za-z0-9]{18,40}(?![A-Za-z0-9])`, true),
  shape('+ast', String.raw`\+ASt[A-Za-z0-9+/]{7}==`, true),
  shape('aq.ab', String.raw`AQ\.Ab[\w-]{40,80}`),
  shape('t1.9eu y0_', String.raw`(?:t1\.9eu[\w.=-]{60,400}|y0_[\w-]{40,80})`),
  shape('cflt', String.raw`cflt[A-Za-z0-9+/]{60}(?![A-Za-z0-9+/])`),
  shape('sha256~', String.raw`sha256~[\w-]{43}(?![\w-])`),
  // Infrastructure
  shape('hvs. hvb. hvr.', String.raw`hv[sbr]\.[\w-]{20,400}`),
  shape('.atlasv1.', String.raw`\.atlasv1\.[\w-]{40,100}`, true),
  shape('pul-', String.raw`pul-[0-9a-f]{40}`),
  shape('glc_ glsa_', String.raw`(?:glc_[A-Za-z0-9+/=]{32,400}|glsa_[A-Za-z0-9]{32}_[0-9a-f]{8})`),
  shape('nrak- nrjs- nrii- nrra- nrbr-', String.raw`NR(?:AK|JS|II|RA|BR)-[\w-]{19,80}`),
  shape('nral', String.raw`NRAL(?![A-Za-z0-9])`, true),
  shape('dt0', String.raw`dt0[a-z]\d\d\.[A-Z0-9]{24}\.[A-Z0-9]{64}`),
  shape('hcaik_ hcbik_ hcxik_ hcalk_ hcxlk_', String.raw`hc[abx][il]k_[a-z0-9]{20,64}`),
  shape('age-secret-key-', String.raw`AGE-SECRET-KEY-(?:PQ-)?1[A-Z0-9]{50,80}`),
  shape('age-plugin-', String.raw`AGE-PLUGIN-[A-Z0-9]{3,20}-1[A-Z0-9]{20,200}`),
  shape('ops_eyj', String.raw`ops_eyJ[\w+/=-]{100,2000}`),
  shape(
    'a3-',
    String.raw`A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}`,
  ),
  shape('pmak-', String.raw`PMAK-[0-9a-f]{24}-[0-9a-f]{34}`),
  // Talk and mail
  shape('xox', String.raw`xox[a-z](?:\.xox[a-z])?-[\w%-]{10,400}`),
  shape('xapp-', String.raw`xapp-\d-[\w-]{20,200}`),
  shape('xwfp-', String.raw`xwfp-[\w-]{20,200}`),
  shape('sg.', String.raw`SG\.[\w-]{16,32}\.[\w-]{16,64}`),
  shape('key-', String.raw`key-[0-9a-f]{32}(?![0-9a-f])`),
  shape('xkeysib- xsmtpsib-', String.raw`x(?:keysib|smtpsib)-[0-9a-f]{64}-\w{16}`),
  shape('mfa.', String.raw`mfa\.[\w-]{60,100}`),
  shape('re_', String.raw`re_[A-Za-z0-9]{6,12}_[A-Za-z0-9]{20,30}`),
  shape('md-', String.raw`md-[\w-]{22}(?![\w-])`),
  shape('-us', String.raw`-us\d{1,2}(?!\w)`, true),
  // Money and shops
  shape(
    'sk_ rk_',
    String.raw`(?:[sr]k_(?:live|test|prod)_[A-Za-z0-9]{10,250}|sk_[0-9a-f]{48}(?![0-9a-f]))`,
  ),
  shape('whsec_', String.raw`whsec_[A-Za-z0-9+/=]{20,120}`),
  shape('shp', String.raw`shp(?:at|ca|pa|ss|ua)_[0-9a-fA-F]{24,40}`),
  shape('sq0', String.raw`sq0(?:atp|csp|idp)-[\w-]{20,50}`),
  shape('eaaa', String.raw`EAAA[\w-]{56,70}`),
  shape(
    'access_token$',
    String.raw`access_token\$(?:production|sandbox)\$[0-9a-z]{12,20}\$[0-9a-f]{32}`,
  ),
  shape('access-', String.raw`access-(?:sandbox|development|production)-[0-9a-f]{8}-[0-9a-f-]{27}`),
  shape('flwseck', String.raw`FLWSECK(?:_TEST)?-[\w-]{12,80}`),
  shape('ezak eztk', String.raw`EZ[AT]K[A-Za-z0-9]{50,60}`),
  // Models
  shape('sk-', String.raw`sk-[\w-]{20,400}`),
  shape('hf_ api_org_', String.raw`(?:hf|api_org)_[A-Za-z0-9]{28,60}`),
  shape('gsk_', String.raw`gsk_[A-Za-z0-9]{40,60}`),
  shape('xai- pplx- nvapi- tvly-', String.raw`(?:xai|pplx|nvapi|tvly)-[\w-]{20,120}`),
  shape('r8_', String.raw`r8_[A-Za-z0-9]{30,44}`),
  shape('pcsk_ tgp_v1_ lsv2_', String.raw`(?:pcsk|tgp_v1|lsv2_(?:pt|sk))_[\w-]{20,100}`),
  shape('csk- fc-', String.raw`(?:csk-[a-z0-9]{40,60}|fc-[0-9a-f]{32}(?![0-9a-f]))`),
  shape('e2b_ rpa_', String.raw`(?:e2b_[0-9a-f]{40}|rpa_[A-Z0-9]{38,60})`),
  shape('wandb_v1_', String.raw`wandb_v1_[\w-]{40,120}`),
  // Tools
  shape('signkey-', String.raw`signkey-(?:prod|branch|test)-[0-9a-f]{32,64}`),
  shape('tr_', String.raw`tr_(?:prod|stg|dev|preview)_[A-Za-z0-9]{16,40}`),
  shape('sgp_', String.raw`sgp_(?:[0-9a-f]{16}_|local_)?[0-9a-f]{40}`),
  shape('ico-', String.raw`ico-[A-Za-z0-9]{32}(?!\w)`),
  shape('sl.', String.raw`sl\.(?:u\.)?[\w-]{120,2000}`),
  shape('lin_api_ lin_oauth_', String.raw`lin_(?:api|oauth)_[A-Za-z0-9]{30,70}`),
  shape('ntn_', String.raw`ntn_[A-Za-z0-9]{40,60}`),
  shape('secret_', String.raw`secret_[A-Za-z0-9]{43}(?![A-Za-z0-9])`),
  shape('figd_ figo_', String.raw`fig[do]_[\w-]{30,60}`),
  shape('phx_ phc_', String.raw`phx_[A-Za-z0-9]{30,60}`),
  shape('tfp_', String.raw`tfp_[A-Za-z0-9._=-]{40,80}`),
  shape(
    'sdk- api- ',
    String.raw`(?:sdk|api)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`,
  ),
  shape(
    'p8e- aio_ duffel_ shippo_',
    String.raw`(?:p8e-[A-Za-z0-9]{32}|aio_[A-Za-z0-9]{26,32}|duffel_(?:test|live)_[\w=-]{40,50}|shippo_(?:live|test)_[0-9a-f]{40})`,
  ),
  shape('sk.eyj', String.raw`sk\.eyJ[\w.-]{60,200}`),
  shape('cfdj8', String.raw`CfDJ8[\w-]{60,4000}`),
  shape(
    'eyj',
    String.raw`eyJ[A-Za-z0-9_=-]{10,4000}\.(?:eyJ)?[A-Za-z0-9_=-]{4,8000}(?:\.[A-Za-z0-9_=+/-]{0,4000}){0,3}`,
  ),
  // Encrypted, with a key that both know: the second part is empty.
  shape('eyj', String.raw`eyJ[\w-]{10,4000}\.\.[\w-]{8,200}\.[\w-]{4,8000}\.[\w-]{8,200}`),
  shape('eyjrijoi', String.raw`eyJrIjoi[A-Za-z0-9]{40,400}={0,2}`),
  shape('/bot', String.raw`/bot(?<s>\d{6,12}:[\w-]{30,50})`),
  shape(':aa', String.raw`:AA[\w-]{32,36}(?![\w-])`, true),
  // Password hashes: what can be cracked is a secret.
  shape(
    '$2 $1$ $5$ $6$ $y$ $7$ $apr1$ $argon2 $scrypt $pbkdf2',
    String.raw`\$(?:2[abxy]?|1|5|6|y|7|gy|apr1|argon2(?:id|i|d)|scrypt|pbkdf2(?:-sha\d{1,3})?)\$[A-Za-z0-9./$,=+-]{16,400}`,
    true,
  ),
  shape(
    '{ssha {sha} {crypt {pbkdf2',
    String.raw`\{(?:S?SHA\d{0,3}|CRYPT|PBKDF2[\w-]{0,10})\}[A-Za-z0-9./$+=]{16,200}`,
    true,
  ),
  shape(
    'pbkdf2_sha bcrypt_sha argon2$',
    String.raw`(?:pbkdf2_sha\d{1,3}|bcrypt_sha\d{1,3}|argon2)\$[A-Za-z0-9./$,=+-]{20,300}`,
  ),
  shape(
    'scram-sha-256$',
    String.raw`SCRAM-SHA-256\$\d{1,7}:[A-Za-z0-9+/=]{8,64}\$[A-Za-z0-9+/=]{20,64}:[A-Za-z0-9+/=]{20,64}`,
  ),
  // base64 of `{"auths":`, of `-----BEGIN` and of an SSH private key
  shape(
    'ls0tls1crudjti',
    String.raw`LS0tLS1CRUdJTi(?:BQUk|BSU0E|BPUE|BFQy|BFTk|BEU0|BTU0|BQR1)[\w+/=]{20,16000}`,
  ),
  shape('b3blbnnzac1rzxktdje', String.raw`b3BlbnNzaC1rZXktdjE[\w+/=]{20,16000}`),
];

/** Tokens that are recognised by what stands before or after a telling piece. */
const LOOK_BACK: Readonly<Record<string, RegExp>> = {
  'q~': /(?<![\w~.-])[\w~.-]{3}\d$/,
  '.atlasv1.': /(?<![A-Za-z0-9])[A-Za-z0-9]{14}$/,
  ':aa': /(?<!\d)\d{6,12}$/,
  jqqj99: /(?<![A-Za-z0-9])[A-Za-z0-9]{40,60}$/,
  '+ast': /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{76}$/,
  '-us': /(?<![0-9a-z])[0-9a-f]{32}$/,
  nral: /(?<![0-9a-z])[0-9a-f]{30,40}$/,
};
/** Two-part tokens whose first part must be looked at when the literal is found. */
const DOTTED = /[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,45}(?![\w-])/y;

export const shapeRules: readonly Rule[] = SHAPES.flatMap((entry) =>
  entry.at.filter((literal) => literal !== '').map((literal) => toRule(entry, literal)),
);

function toRule(entry: Shape, literal: string): Rule {
  return {
    literals: [literal],
    find(page, start) {
      if (page.isMarked(start)) return;
      if (entry.anywhere !== true && !hasLeftBoundary(page.text, start)) return;
      entry.is.lastIndex = start;
      const match = entry.is.exec(page.text);
      if (match === null) return;
      const before = lengthBefore(page, literal, start);
      if (before === undefined) return;
      const end = start + match[0].length;
      const narrowed = match.groups?.['s'];
      if (literal === ':aa') page.redact(start + 1, end);
      else page.redact(narrowed === undefined ? start - before : end - narrowed.length, end);
    },
  };
}

function lengthBefore(page: Page, literal: string, start: number): number | undefined {
  const pattern = LOOK_BACK[literal];
  if (pattern === undefined) return 0;
  return pattern.exec(page.text.slice(Math.max(0, start - 96), start))?.[0].length;
}

/** A letter or digit before means that this is the inside of something else, unless it is an escape's end. */
function hasLeftBoundary(text: string, start: number): boolean {
  const code = text.charCodeAt(start - 1);
  const isAlphanumeric =
    (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  if (start === 0 || !isAlphanumeric) return true;
  return /\\[nrtbf]$|%[0-9A-Fa-f]{2}$|\\u[0-9a-f]{4}$|(?:\\x1b|\\e|\\033)\[[\d;]{0,8}m$/.test(
    text.slice(Math.max(0, start - 16), start),
  );
}

/** Discord's bot tokens have no prefix but the first letter of a user id in base64. */
export const discordRule: Rule = {
  literals: ['.g', '.x', '.y', '.z'],
  find(page, start) {
    // The middle part has six or seven characters: most dots are not even looked at.
    if (page.text[start + 7] !== '.' && page.text[start + 8] !== '.') return;
    const from =
      start -
      (/[MNO][\w-]{22,27}$/.exec(page.text.slice(Math.max(0, start - 28), start))?.[0].length ?? 0);
    if (from === start || !hasLeftBoundary(page.text, from)) return;
    DOTTED.lastIndex = from;
    const match = DOTTED.exec(page.text);
    if (match !== null && /\d/.test(match[0]) && /[A-Z]/.test(match[0]))
      page.redact(from, DOTTED.lastIndex);
  },
};
