// An OpenID provider nobody here wrote (npm oidc-provider, certified, MIT), in Entra's shape: so that msal's flows are tried
// against more than our own reading of the protocols.   node oidc.mjs BASE TENANT   from a folder with node_modules; prints its port.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [base, tenant] = process.argv.slice(2);
const require = createRequire(`${process.cwd()}/`);
const { default: Provider } = await import(pathToFileURL(require.resolve('oidc-provider')));
const prefix = `/${tenant}/v2.0`;

const provider = new Provider(base + prefix, {
  clients: [{
    client_id: '11111111-2222-3333-4444-555555555555',
    token_endpoint_auth_method: 'none',
    application_type: 'native',
    grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
    response_types: ['code'],
    redirect_uris: ['http://localhost'],
  }],
  scopes: ['openid', 'offline_access', 'profile', 'Mail.Read', 'Calendars.Read', 'Mail.Send', 'Calendars.ReadWrite'],
  features: { devInteractions: { enabled: true }, deviceFlow: { enabled: true }, revocation: { enabled: true } },
  issueRefreshToken: async () => true,
  rotateRefreshToken: true,
  ttl: { AccessToken: 3600, RefreshToken: 86400, DeviceCode: 900 },
  claims: { openid: ['sub', 'oid', 'tid', 'ver'], profile: ['name', 'preferred_username'] },
  conformIdTokenClaims: false,
  findAccount: async (_, id) => ({
    accountId: id,
    claims: async () => ({ sub: id, oid: id, tid: tenant, ver: '2.0', preferred_username: id }),
  }),
});
provider.proxy = true;

const callback = provider.callback();
const server = createServer((request, response) => {
  request.originalUrl = request.url;
  if (request.url.startsWith(prefix)) request.url = request.url.slice(prefix.length) || '/';
  request.headers['x-forwarded-proto'] = 'https';
  request.headers['x-forwarded-host'] = new URL(base).host;
  callback(request, response);
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
