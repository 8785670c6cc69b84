import { type InstallOptions, type Manifest, name, namespaced, selector } from './manifest.ts'
import { metricsPort } from './metrics.ts'

const tcp = (port: number | string) => ({ protocol: 'TCP', port })

/** In: metrics, from pods of the cluster; the kubelet's probes pass always. Out: name servers and the API server. */
export const networkPolicy = (options: InstallOptions): Manifest =>
  namespaced(options, 'networking.k8s.io/v1', 'NetworkPolicy', name, {
    spec: {
      podSelector: { matchLabels: selector },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [{ namespaceSelector: {} }], ports: [tcp(metricsPort.name)] }],
      egress: [
        { ports: [{ protocol: 'UDP', port: 53 }, tcp(53)] },
        // Policies see the address behind the Service: 6443 with kubeadm, 443 with most clouds.
        { ports: [tcp(443), tcp(6443)] },
      ],
    },
  })
