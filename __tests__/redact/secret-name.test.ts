import { describe, expect, test } from '@jest/globals';

import { classifyName, looksSecretName } from '../../src/redact/secret-name.ts';

describe('the name of a variable', () => {
  test.each(
    'PASSWORD DB_PASSWORD DB_PASS MYSQL_PWD GITHUB_TOKEN NPM_AUTH_TOKEN npmAuthToken clientSecret AWS_SECRET_ACCESS_KEY API_KEY apikey OPENAI_API_KEY SECRET_KEY_BASE RAILS_MASTER_KEY DEPLOY_KEY STRIPE_KEY SSH_PRIVATE_KEY VAULT_UNSEAL_KEY JWT REDISCLI_AUTH DB_CREDENTIALS TOKEN_PROD API_KEY_EU spring.datasource.password INPUT_PASSWORD ACTIONS_RUNTIME_TOKEN PASS_PHRASE'.split(
      ' ',
    ),
  )('tells that its value is secret: %s', (name) => {
    expect(looksSecretName(name)).toBe(true);
  });

  test.each(
    'PATH HOME PWD OLDPWD LANG AUTHOR GIT_AUTHOR_NAME KEYBOARD KEYMAP TOKENIZERS_PARALLELISM SECRET_NAME TOKEN_FILE DB_PASSWORD_FILE PASSWORD_FILE API_KEY_ID AWS_ACCESS_KEY_ID_FILE SSH_AUTH_SOCK SSH_KEY_PATH PASS_MAX_DAYS MAX_TOKENS PRIMARY_KEY CACHE_KEY SORT_KEY PUBLIC_KEY DEPLOYMENT_KEY TOKEN_URL AUTH_METHOD secretName secretKeyRef tokenType PASSWORD_MIN_LENGTH COMPASS BYPASS MONKEY'.split(
      ' ',
    ),
  )('tells nothing: %s', (name) => {
    expect(looksSecretName(name)).toBe(false);
  });

  test('may leave it to the value', () => {
    expect(classifyName('key')).toBe('weak');
    expect(classifyName('auth')).toBe('weak');
    expect(classifyName('pass')).toBe('weak');
  });
});
