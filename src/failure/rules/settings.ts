import type { RuleTable } from './rule.ts';

/** Words that usually mean one thing, for tools that no other table knows. Never transient. */
export const SETTINGS: RuleTable = {
  tool: 'any tool',
  rules: [
    {
      id: 'any-syntax',
      category: 'recoverable:configuration',
      lines: [
        /\b(?:yaml|json|toml|xml|ini|hcl)\b.{0,60}\b(?:parse|parsing|syntax|decode|unmarshal(?:l?ing)?|invalid|malformed)\b.{0,20}(?:error|fail)?/i,
        /\b(?:parse|parsing|syntax|decode|unmarshal(?:l?ing)?) error\b/i,
        /\bmapping values are not allowed\b|\bdid not find expected (?:key|node|'-')|\bcould not find expected ':'|\bfound character .{0,20} that cannot start any token\b|\binvalid character .{1,10} (?:looking for|after)|\bUnexpected (?:token|end of JSON)/,
        /\bparse error: (?:Invalid|Expected|Unfinished|Objects must)/,
      ],
      strength: 'symptom',
      fix: 'A configuration file cannot be parsed. The message names file and line.',
    },
    {
      id: 'any-credentials',
      category: 'recoverable:credentials',
      strength: 'weak',
      lines: [
        /\b(?:authentication|authorization|login|log-in) (?:failed|failure|error|required|rejected)\b|\b(?:un|not )authenticated\b|\bunauthorized\b|\binvalid (?:credentials?|token|api[ -]?key|password|username|signature|jwt)\b|\b(?:token|credentials?|session|certificate|key|password|licen[cs]e) (?:is |are |has |have )?(?:been )?(?:expired|revoked|invalid|rejected|not valid|incorrect|wrong)\b|\b(?:no|missing) (?:valid )?(?:credentials|token|api[ -]?key)\b|\b(?:incorrect|wrong) (?:password|username)\b|\bnot logged in\b|\bplease log ?in\b/i,
      ],
      fix: 'The far side does not accept who we say we are. Check that the secret is set in this step, and current.',
    },
    {
      id: 'any-permission',
      category: 'recoverable:permission',
      strength: 'weak',
      lines: [
        /\b(?:permission|access|privileges?) (?:is |was )?(?:denied|refused|forbidden)\b|\bforbidden\b|\bnot (?:permitted|allowed|authorized)\b|\binsufficient (?:permissions?|privileges|rights)\b|\bunauthori[sz]ed (?:operation|action)\b/i,
      ],
      fix: 'This account may not do that. Give it the right, or use another one.',
    },
    {
      id: 'any-resource',
      category: 'recoverable:resource',
      strength: 'weak',
      lines: [
        /\b(?:quota|limit|capacity)\b.{0,40}\b(?:exceeded|reached|exhausted)\b|\b(?:insufficient|not enough|low on|ran out of|no more) (?:memory|disk|space|storage|resources|capacity|swap)\b|\bexceed(?:s|ed)? .{0,40}\b(?:limit|quota|maximum)\b/i,
      ],
      fix: 'Something is used up: disk, memory or a quota.',
      run: ['df -h', 'free -h'],
    },
    {
      id: 'any-service',
      category: 'critical:service',
      strength: 'weak',
      lines: [
        /\b(?:failed|unable|could not|couldn't|cannot) (?:to )?(?:start|restart|launch|boot)\b(?! (?:transaction|a new))|\b(?:crashed|died|exited) (?:on|during|at|immediately after|unexpectedly)\b|\bexited (?:prematurely|early)\b/i,
      ],
      fix: 'Something that was to run did not start. Its log says why.',
      run: ['systemctl --failed'],
    },
    {
      id: 'any-missing',
      category: 'recoverable:dependency',
      strength: 'weak',
      lines: [
        /\b(?:not found|cannot find|can't find|could not find|couldn't find|unable to find|no such|does not exist|doesn't exist|is missing|not installed|unavailable version|could not be found|cannot be found|no longer exists|unable to locate|could not locate|unknown (?:package|module|image|tag|version|host))\b/i,
      ],
      fix: 'Something that the step needs is not there. Check its name and what should have made it.',
    },
    {
      id: 'any-configuration',
      category: 'recoverable:configuration',
      strength: 'weak',
      lines: [
        /\b(?:invalid|malformed|misconfigured|unsupported|unrecognized|unexpected|illegal|bad) (?:config\w*|setting|value|option|key|property|parameter|argument|input|format|type|field|name|url|uri|path|port|syntax|request|character|version|address|hostname|expression|entry|attribute)\b|\bconfig(?:uration)? (?:error|file .{0,60}(?:invalid|error)|is (?:invalid|not valid|missing))\b|\b(?:missing|required) (?:required )?(?:key|field|property|parameter|argument|value|option|setting|input|flag|config\w*)\b|\b(?:is|are) required\b|\bmust be (?:one of|a |an |set|specified|provided|defined)\b|\bis not (?:a )?(?:valid|supported|recognized|defined)\b/i,
      ],
      fix: 'A setting is missing or not valid. Compare it with what the tool expects.',
    },
  ],
};
