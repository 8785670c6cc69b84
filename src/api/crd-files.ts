import clusterIdentities from '../../crds/cluster.router.io_clusteridentities.yaml' with { type: 'text' }
import dnsConfigurations from '../../crds/cluster.router.io_dnsconfigurations.yaml' with { type: 'text' }
import regionFailovers from '../../crds/cluster.router.io_regionfailovers.yaml' with { type: 'text' }
import dnsPolicies from '../../crds/routing.router.io_dnspolicies.yaml' with { type: 'text' }
import gateways from '../../crds/routing.router.io_gateways.yaml' with { type: 'text' }
import serviceRoutes from '../../crds/routing.router.io_serviceroutes.yaml' with { type: 'text' }

/**
 * The CustomResourceDefinitions as YAML text, in the order of `routerKinds`. The files are embedded in the
 * executable, so that the generator and its libraries need not be.
 */
export const crdFiles: readonly string[] = [
  clusterIdentities,
  dnsConfigurations,
  regionFailovers,
  gateways,
  dnsPolicies,
  serviceRoutes,
]
