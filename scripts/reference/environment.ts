/** The variables that are no flags. test/docs/reference.test.ts looks whether src reads any other. */
export const variables: Readonly<Record<string, string>> = {
  'SROUTER_…': 'the flags of `run` and `gate`, see there. A flag counts before its variable',
  KUBECONFIG: 'the kubeconfigs, separated by `:`, where `--kubeconfig` is not given',
  HOME: 'where `.kube/config` is, where neither is given',
  HTTPS_PROXY: 'the proxy to the API server, where the kubeconfig names none. `https_proxy` counts before it',
  HTTP_PROXY: 'the same for an API server without TLS; `http_proxy`',
  NO_PROXY: 'the servers that are reached without it; `no_proxy`',
  NO_COLOR: 'no colours, whatever its value; as `--no-color`',
  TERM: 'no colours where it is `dumb`',
  KUBERNETES_SERVICE_HOST: 'where the API server is, in a pod; set by Kubernetes',
  KUBERNETES_SERVICE_PORT: 'its port',
}
