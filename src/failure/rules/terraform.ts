import type { RuleTable } from './rule.ts';

export const TERRAFORM: RuleTable = {
  tool: 'terraform',
  seen: /\b(?:terraform|tofu|terragrunt|pulumi|cdk|hcl|tfstate)\b/i,
  rules: [
    {
      id: 'terraform-lock',
      category: 'transient:lock',
      strength: 'decisive',
      lines: [
        /\bError acquiring the state lock\b|\bError locking (?:state|destination state)\b|\bstate (?:is )?already locked\b|\bthe stack is currently locked by\b/i,
      ],
      fix: 'Another run holds the state. If none is left, a crash left the lock: force-unlock it with the id that is printed.',
      run: ['terraform force-unlock <lock id>'],
    },
    {
      id: 'terraform-state-lost',
      category: 'critical:data',
      strength: 'decisive',
      lines: [
        /\bFailed to (?:save|persist) state\b|\berrored\.tfstate\b|\bstate data in S3 does not have the expected content\b|\bError (?:saving|writing) state\b|\bunsupported checkable object kind\b/i,
        /\bstate snapshot .{0,60}(?:corrupt|invalid)|\bFailed to decode current backend config\b/,
      ],
      fix: 'Resources changed, but the state was not stored. Keep errored.tfstate and push it before anything runs again.',
      run: ['ls -l errored.tfstate', 'terraform state push errored.tfstate'],
    },
    {
      id: 'terraform-provisioner',
      category: 'critical:crash',
      strength: 'decisive',
      lines: [
        /\b(?:local|remote)-exec provisioner error\b/,
        /^Error running command '/,
        /\bfile provisioner error\b/,
        /\bError: Plugin did not respond\b|\bThe plugin encountered an error, and failed to respond\b|\bPlugin crashed\b/i,
      ],
      fix: 'The apply stopped half-way and the resource is tainted: the next apply replaces it. Mend the command, and look at the plan before you apply.',
      run: ['terraform plan', 'terraform state list'],
    },
    {
      id: 'terraform-wait',
      category: 'critical:health',
      strength: 'decisive',
      lines: [
        /\btimeout while waiting for (?:state|resource) to (?:become|be|be gone)\b/,
        /\bwaiting for .{1,120}: (?:timeout|unexpected state|couldn't find resource \(\d+ retries\))/,
        /\bunexpected state '[\w-]{1,60}', wanted target\b/,
      ],
      fix: 'The provider waited for a resource that did not become ready. Look at the resource itself.',
      run: ['terraform show'],
    },
    {
      id: 'terraform-provider-missing',
      category: 'recoverable:dependency',
      lines: [
        /\bno available releases match the given constraints\b|\bdoes not have a provider named\b|\bUnresolvable provider\b|\bno available versions\b/i,
        /\bModule not (?:found|installed)\b|\bMissing required provider\b|\bRequired plugins are not installed\b|\bFailed to (?:download|read) module\b/i,
        /\bUnsupported Terraform Core version\b|\bThis configuration does not support Terraform version\b/,
        /\bdoesn't match any of the checksums (?:previously recorded|recorded in the dependency lock file)\b/,
      ],
      fix: 'A provider or module is not there in the wanted version. Run init, and check the version constraints.',
      run: ['terraform init', 'terraform providers'],
    },
    {
      id: 'terraform-registry',
      category: 'transient:network',
      lines: [
        /\b(?:could not|failed to) (?:connect to|query|retrieve|request|install)\b.{0,300}\b(?:timed? ?out|Client\.Timeout|connection (?:refused|reset)|no such host|EOF|50[234]|deadline exceeded)\b/i,
        /\bthe request failed after \d+ attempts\b/,
      ],
      fix: 'A registry or an API could not be reached.',
    },
    {
      id: 'terraform-credentials',
      category: 'recoverable:credentials',
      lines: [
        /\bNo valid credential sources?(?: found)?\b|\bfailed to refresh cached credentials\b|\bcould not find default credentials\b|\bunable to build authorizer\b|\bunable to list provider registration status\b|\bRequired token could not be found\b|\berror (?:configuring|validating) provider credentials\b|\bremote state endpoint requires auth\b|\bHTTP remote state .{0,40}(?:auth|forbidden)|\bRequired token could not be found\b/i,
      ],
      fix: 'The provider finds no valid credentials. Check the variables of this step and how the role is assumed.',
      run: ['aws sts get-caller-identity'],
    },
    {
      id: 'terraform-stale',
      category: 'recoverable:configuration',
      lines: [
        /\bSaved plan is stale\b|\bInstance cannot be destroyed\b|\bBackend (?:initialization required|configuration changed)\b|\bBackend configuration block has changed\b|\bInconsistent dependency lock file\b|\bplease run "terraform init"/i,
        /\bstate snapshot was created by Terraform v\b|\bProvider configuration not present\b|\bResource already managed by Terraform\b|\bCannot import non-existent remote object\b|\bA resource with the ID .{1,300} already exists\b/i,
      ],
      fix: 'Plan, backend and state do not fit together any more. Init and plan anew, read the plan, then apply.',
      run: ['terraform init', 'terraform plan'],
    },
    {
      id: 'terraform-configuration',
      category: 'recoverable:configuration',
      lines: [
        /\bError: (?:Unsupported (?:argument|attribute|block type)|Missing (?:required argument|newline|item|attribute)|Invalid |No value for (?:required )?variable|Reference to undeclared|Argument or block definition required|Unclosed|Duplicate |Cycle:|Incorrect (?:attribute|condition)|Inconsistent conditional|Call to unknown function|Error in function call|Too many command line arguments|Failed to parse|Unsuitable value type|Value for undeclared variable|Variables not allowed|Extraneous label|Conflicting configuration|expected )/i,
        /\bError: Terraform encountered problems during initiali[sz]ation\b|\bResource (?:pre|post)condition failed\b/,
        /\bNo configuration files\b|\bVariable (?:not|is not) (?:set|declared)\b/i,
      ],
      fix: 'The configuration is not valid; nothing was changed. Check it and the variables of this step.',
      run: ['terraform validate'],
    },
  ],
};
