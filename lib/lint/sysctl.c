/* SPDX-License-Identifier: Apache-2.0 */
/*
 * linux.sysctl: what belongs to a namespace, and what the kernel accepts for it. Namespaces have
 * their own /proc/sys/net, but not all of what the host has there. The names and ranges
 * are those of Linux 5.10 to 6.18; they were tried with 6.18, each in a new namespace.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "lint/start.h"

enum kind {
	HOST,	/* the host's, or nobody's to write */
	WHOLE,	/* whole numbers in 32 bits, in the range if there is one */
	LATER,	/* the same, but older kernels accept more */
	LARGE,	/* whole numbers that are not negative, in as many bits as a machine has */
	GROUPS, /* two group ids, of the user namespace */
	PORTS,	/* two ports, the lower one first */
	LIST,	/* ports and ranges of them */
	SETS,	/* three numbers, and how many sets of semaphores there may be */
	NAME,	/* the name of something that the kernel may have */
	ANY,	/* any text */
};

#define NUMBERS LONG_MIN, LONG_MAX
#define BOOLEAN 0, 1
#define BYTE	0, 255
#define NATURAL 0, INT_MAX

/*
 * A name that ends with a dot is a prefix, an asterisk is the name of an interface. The first that
 * fits counts.
 */
static const struct sysctl {
	const char *name;
	enum kind kind;
	uint8_t words; /* that the kernel looks at */
	long min, max;
} sysctls[] = {
	/* network: what is the host's */
	{ "net.core.rmem_max", HOST, 1, NUMBERS },
	{ "net.core.wmem_max", HOST, 1, NUMBERS },
	{ "net.core.rmem_default", HOST, 1, NUMBERS },
	{ "net.core.wmem_default", HOST, 1, NUMBERS },
	{ "net.core.bpf_jit_enable", HOST, 1, NUMBERS },
	{ "net.core.bpf_jit_harden", HOST, 1, NUMBERS },
	{ "net.core.bpf_jit_kallsyms", HOST, 1, NUMBERS },
	{ "net.core.bpf_jit_limit", HOST, 1, NUMBERS },
	{ "net.core.busy_poll", HOST, 1, NUMBERS },
	{ "net.core.busy_read", HOST, 1, NUMBERS },
	{ "net.core.default_qdisc", HOST, 1, NUMBERS },
	{ "net.core.dev_weight", HOST, 1, NUMBERS },
	{ "net.core.dev_weight_rx_bias", HOST, 1, NUMBERS },
	{ "net.core.dev_weight_tx_bias", HOST, 1, NUMBERS },
	{ "net.core.devconf_inherit_init_net", HOST, 1, NUMBERS },
	{ "net.core.fb_tunnels_only_for_init_net", HOST, 1, NUMBERS },
	{ "net.core.flow_limit_cpu_bitmap", HOST, 1, NUMBERS },
	{ "net.core.flow_limit_table_len", HOST, 1, NUMBERS },
	{ "net.core.gro_normal_batch", HOST, 1, NUMBERS },
	{ "net.core.high_order_alloc_disable", HOST, 1, NUMBERS },
	{ "net.core.max_skb_frags", HOST, 1, NUMBERS },
	{ "net.core.mem_pcpu_rsv", HOST, 1, NUMBERS },
	{ "net.core.message_burst", HOST, 1, NUMBERS },
	{ "net.core.message_cost", HOST, 1, NUMBERS },
	{ "net.core.netdev_budget", HOST, 1, NUMBERS },
	{ "net.core.netdev_budget_usecs", HOST, 1, NUMBERS },
	{ "net.core.netdev_max_backlog", HOST, 1, NUMBERS },
	{ "net.core.netdev_rss_key", HOST, 1, NUMBERS },
	{ "net.core.netdev_tstamp_prequeue", HOST, 1, NUMBERS },
	{ "net.core.netdev_unregister_timeout_secs", HOST, 1, NUMBERS },
	{ "net.core.rps_sock_flow_entries", HOST, 1, NUMBERS },
	{ "net.core.skb_defer_max", HOST, 1, NUMBERS },
	{ "net.core.warnings", HOST, 1, NUMBERS },
	{ "net.ipv4.tcp_mem", HOST, 1, NUMBERS },
	{ "net.ipv4.udp_mem", HOST, 1, NUMBERS },
	{ "net.ipv4.tcp_max_orphans", HOST, 1, NUMBERS },
	{ "net.ipv4.tcp_low_latency", HOST, 1, NUMBERS },
	{ "net.ipv4.tcp_available_ulp", HOST, 1, NUMBERS },
	{ "net.ipv4.tcp_available_congestion_control", HOST, 1, NUMBERS },
	{ "net.ipv4.tcp_allowed_congestion_control", HOST, 1, NUMBERS },
	{ "net.ipv4.tcp_ehash_entries", HOST, 1, NUMBERS },
	{ "net.ipv4.udp_hash_entries", HOST, 1, NUMBERS },
	{ "net.ipv4.fib_sync_mem", HOST, 1, NUMBERS },
	{ "net.ipv4.inet_peer_maxttl", HOST, 1, NUMBERS },
	{ "net.ipv4.inet_peer_minttl", HOST, 1, NUMBERS },
	{ "net.ipv4.inet_peer_threshold", HOST, 1, NUMBERS },
	{ "net.ipv4.ipfrag_secret_interval", HOST, 1, NUMBERS },
	{ "net.ipv4.cipso_", HOST, 1, NUMBERS },
	{ "net.ipv4.neigh.default.", HOST, 1, NUMBERS },
	{ "net.ipv4.conf.*.mc_forwarding", HOST, 1, NUMBERS },
	{ "net.ipv4.route.error_burst", HOST, 1, NUMBERS },
	{ "net.ipv4.route.error_cost", HOST, 1, NUMBERS },
	{ "net.ipv4.route.gc_", HOST, 1, NUMBERS },
	{ "net.ipv4.route.max_size", HOST, 1, NUMBERS },
	{ "net.ipv4.route.redirect_", HOST, 1, NUMBERS },
	{ "net.ipv6.neigh.default.", HOST, 1, NUMBERS },
	{ "net.ipv6.calipso_", HOST, 1, NUMBERS },
	{ "net.ipv6.ip6frag_secret_interval", HOST, 1, NUMBERS },
	{ "net.ipv6.mld_max_msf", HOST, 1, NUMBERS },
	{ "net.ipv6.mld_qrv", HOST, 1, NUMBERS },
	{ "net.ipv6.conf.*.mc_forwarding", HOST, 1, NUMBERS },
	{ "net.nf_conntrack_max", HOST, 1, NUMBERS },
	{ "net.netfilter.nf_conntrack_max", HOST, 1, NUMBERS },
	{ "net.netfilter.nf_conntrack_buckets", HOST, 1, NUMBERS },
	{ "net.netfilter.nf_conntrack_count", HOST, 1, NUMBERS },
	{ "net.netfilter.nf_conntrack_expect_max", HOST, 1, NUMBERS },
	{ "net.netfilter.nf_log_all_netns", HOST, 1, NUMBERS },
	/* network: what each namespace has */
	{ "net.core.somaxconn", WHOLE, 1, NATURAL },
	{ "net.ipv4.ipfrag_max_dist", WHOLE, 1, NATURAL },
	{ "net.ipv4.tcp_invalid_ratelimit", WHOLE, 1, NATURAL },
	{ "net.ipv4.icmp_ratelimit", WHOLE, 1, NATURAL },
	{ "net.ipv4.tcp_fastopen_blackhole_timeout_sec", WHOLE, 1, NATURAL },
	{ "net.core.xfrm_acq_expires", WHOLE, 1, NUMBERS },
	{ "net.core.xfrm_larval_drop", WHOLE, 1, NUMBERS },
	{ "net.unix.max_dgram_qlen", WHOLE, 1, NUMBERS },
	{ "net.ipv4.icmp_ratemask", WHOLE, 1, NUMBERS },
	{ "net.ipv4.igmp_max_memberships", WHOLE, 1, NUMBERS },
	{ "net.ipv4.igmp_max_msf", WHOLE, 1, NUMBERS },
	{ "net.ipv4.ip_forward", WHOLE, 1, NUMBERS },
	{ "net.ipv4.tcp_base_mss", WHOLE, 1, NUMBERS },
	{ "net.ipv4.tcp_challenge_ack_limit", WHOLE, 1, NUMBERS },
	{ "net.ipv4.tcp_fastopen", WHOLE, 1, NUMBERS },
	{ "net.ipv4.tcp_limit_output_bytes", WHOLE, 1, NUMBERS },
	{ "net.ipv4.tcp_max_syn_backlog", WHOLE, 1, NUMBERS },
	{ "net.ipv4.tcp_max_tw_buckets", WHOLE, 1, NUMBERS },
	{ "net.ipv4.tcp_probe_threshold", WHOLE, 1, NUMBERS },
	{ "net.ipv4.xfrm4_gc_thresh", WHOLE, 1, NUMBERS },
	{ "net.ipv4.ipfrag_time", WHOLE, 1, NUMBERS },
	{ "net.ipv4.tcp_fin_timeout", WHOLE, 1, NUMBERS },
	{ "net.ipv4.tcp_keepalive_intvl", WHOLE, 1, NUMBERS },
	{ "net.ipv4.tcp_keepalive_time", WHOLE, 1, NUMBERS },
	{ "net.ipv6.idgen_delay", WHOLE, 1, NUMBERS },
	{ "net.ipv6.idgen_retries", WHOLE, 1, NUMBERS },
	{ "net.ipv6.max_dst_opts_length", WHOLE, 1, NUMBERS },
	{ "net.ipv6.max_dst_opts_number", WHOLE, 1, NUMBERS },
	{ "net.ipv6.max_hbh_length", WHOLE, 1, NUMBERS },
	{ "net.ipv6.max_hbh_opts_number", WHOLE, 1, NUMBERS },
	{ "net.ipv6.seg6_flowlabel", WHOLE, 1, NUMBERS },
	{ "net.ipv6.xfrm6_gc_thresh", WHOLE, 1, NUMBERS },
	{ "net.ipv6.ip6frag_time", WHOLE, 1, NUMBERS },
	{ "net.ipv6.route.gc_elasticity", WHOLE, 1, NUMBERS },
	{ "net.ipv6.route.gc_interval", WHOLE, 1, NUMBERS },
	{ "net.ipv6.route.gc_min_interval", WHOLE, 1, NUMBERS },
	{ "net.ipv6.route.gc_thresh", WHOLE, 1, NUMBERS },
	{ "net.ipv6.route.gc_timeout", WHOLE, 1, NUMBERS },
	{ "net.ipv6.route.max_size", WHOLE, 1, NUMBERS },
	{ "net.ipv6.route.min_adv_mss", WHOLE, 1, NUMBERS },
	{ "net.ipv6.route.mtu_expires", WHOLE, 1, NUMBERS },
	{ "net.ipv4.route.flush", WHOLE, 1, NUMBERS },
	{ "net.ipv6.route.flush", WHOLE, 1, NUMBERS },
	{ "net.ipv4.tcp_notsent_lowat", WHOLE, 1, 0, 0xffffffff },
	{ "net.core.xfrm_aevent_etime", WHOLE, 1, 0, 0xffffffff },
	{ "net.core.xfrm_aevent_rseqth", WHOLE, 1, 0, 0xffffffff },
	{ "net.ipv4.tcp_probe_interval", WHOLE, 1, 0, 0xffffffff },
	{ "net.ipv4.igmp_qrv", WHOLE, 1, 1, INT_MAX },
	{ "net.ipv4.tcp_max_reordering", WHOLE, 1, 1, INT_MAX },
	{ "net.ipv4.udp_rmem_min", WHOLE, 1, 1, INT_MAX },
	{ "net.ipv4.udp_wmem_min", WHOLE, 1, 1, INT_MAX },
	{ "net.ipv4.tcp_reordering", WHOLE, 1, 1, INT_MAX },
	{ "net.ipv4.tcp_rmem", WHOLE, 3, 1, INT_MAX },
	{ "net.ipv4.tcp_wmem", WHOLE, 3, 1, INT_MAX },
	{ "net.ipv4.ip_default_ttl", WHOLE, 1, 1, 255 },
	{ "net.ipv4.tcp_min_tso_segs", WHOLE, 1, 1, 255 },
	{ "net.ipv4.tcp_syn_retries", WHOLE, 1, 1, 127 },
	{ "net.ipv4.ip_unprivileged_port_start", WHOLE, 1, 0, 65535 },
	{ "net.ipv4.tcp_min_snd_mss", WHOLE, 1, 48, 65535 },
	{ "net.ipv4.tcp_mtu_probe_floor", WHOLE, 1, 48, 65535 },
	{ "net.ipv4.tcp_pacing_ca_ratio", WHOLE, 1, 0, 1000 },
	{ "net.ipv4.tcp_pacing_ss_ratio", WHOLE, 1, 0, 1000 },
	{ "net.ipv4.tcp_min_rtt_wlen", WHOLE, 1, 0, 86400 },
	{ "net.mptcp.enabled", LATER, 1, BOOLEAN },
	{ "net.ipv4.tcp_tw_reuse", WHOLE, 1, 0, 2 },
	{ "net.ipv4.tcp_early_retrans", WHOLE, 1, 0, 4 },
	{ "net.ipv4.tcp_adv_win_scale", LATER, 1, -31, 31 },
	{ "net.ipv4.tcp_app_win", LATER, 1, 0, 31 },
	{ "net.ipv4.tcp_ecn", LATER, 1, 0, 5 },
	{ "net.ipv4.fib_multipath_hash_policy", LATER, 1, 0, 3 },
	{ "net.ipv6.fib_multipath_hash_policy", LATER, 1, 0, 3 },
	{ "net.ipv6.auto_flowlabels", LATER, 1, 0, 3 },
	{ "net.ipv6.flowlabel_reflect", LATER, 1, 0, 7 },
	{ "net.ipv4.icmp_echo_ignore_all", LATER, 1, BOOLEAN },
	{ "net.ipv4.icmp_echo_ignore_broadcasts", LATER, 1, BOOLEAN },
	{ "net.ipv4.icmp_errors_use_inbound_ifaddr", LATER, 1, BOOLEAN },
	{ "net.ipv4.icmp_ignore_bogus_error_responses", LATER, 1, BOOLEAN },
	{ "net.ipv4.ip_autobind_reuse", LATER, 1, BOOLEAN },
	{ "net.ipv4.ip_forward_update_priority", LATER, 1, BOOLEAN },
	{ "net.ipv4.fib_multipath_use_neigh", LATER, 1, BOOLEAN },
	{ "net.ipv4.nexthop_compat_mode", LATER, 1, BOOLEAN },
	{ "net.ipv4.raw_l3mdev_accept", LATER, 1, BOOLEAN },
	{ "net.ipv4.tcp_l3mdev_accept", LATER, 1, BOOLEAN },
	{ "net.ipv4.udp_l3mdev_accept", LATER, 1, BOOLEAN },
	{ "net.ipv4.tcp_autocorking", LATER, 1, BOOLEAN },
	{ "net.ipv4.tcp_ecn_fallback", LATER, 1, BOOLEAN },
	{ "net.ipv4.tcp_no_ssthresh_metrics_save", LATER, 1, BOOLEAN },
	{ "net.ipv4.tcp_reflect_tos", LATER, 1, BOOLEAN },
	{ "net.ipv4.fwmark_reflect", LATER, 1, BYTE },
	{ "net.ipv4.igmp_link_local_mcast_reports", LATER, 1, BYTE },
	{ "net.ipv4.ip_dynaddr", LATER, 1, BYTE },
	{ "net.ipv4.ip_early_demux", LATER, 1, BYTE },
	{ "net.ipv4.tcp_early_demux", LATER, 1, BYTE },
	{ "net.ipv4.udp_early_demux", LATER, 1, BYTE },
	{ "net.ipv4.ip_forward_use_pmtu", LATER, 1, BYTE },
	{ "net.ipv4.ip_no_pmtu_disc", LATER, 1, BYTE },
	{ "net.ipv4.ip_nonlocal_bind", LATER, 1, BYTE },
	{ "net.ipv4.tcp_abort_on_overflow", LATER, 1, BYTE },
	{ "net.ipv4.tcp_comp_sack_nr", LATER, 1, BYTE },
	{ "net.ipv4.tcp_dsack", LATER, 1, BYTE },
	{ "net.ipv4.tcp_fack", LATER, 1, BYTE },
	{ "net.ipv4.tcp_frto", LATER, 1, BYTE },
	{ "net.ipv4.tcp_fwmark_accept", LATER, 1, BYTE },
	{ "net.ipv4.tcp_keepalive_probes", LATER, 1, BYTE },
	{ "net.ipv4.tcp_moderate_rcvbuf", LATER, 1, BYTE },
	{ "net.ipv4.tcp_mtu_probing", LATER, 1, BYTE },
	{ "net.ipv4.tcp_no_metrics_save", LATER, 1, BYTE },
	{ "net.ipv4.tcp_orphan_retries", LATER, 1, BYTE },
	{ "net.ipv4.tcp_recovery", LATER, 1, BYTE },
	{ "net.ipv4.tcp_retrans_collapse", LATER, 1, BYTE },
	{ "net.ipv4.tcp_retries1", LATER, 1, BYTE },
	{ "net.ipv4.tcp_retries2", LATER, 1, BYTE },
	{ "net.ipv4.tcp_rfc1337", LATER, 1, BYTE },
	{ "net.ipv4.tcp_sack", LATER, 1, BYTE },
	{ "net.ipv4.tcp_slow_start_after_idle", LATER, 1, BYTE },
	{ "net.ipv4.tcp_stdurg", LATER, 1, BYTE },
	{ "net.ipv4.tcp_synack_retries", LATER, 1, BYTE },
	{ "net.ipv4.tcp_syncookies", LATER, 1, BYTE },
	{ "net.ipv4.tcp_thin_linear_timeouts", LATER, 1, BYTE },
	{ "net.ipv4.tcp_timestamps", LATER, 1, BYTE },
	{ "net.ipv4.tcp_tso_win_divisor", LATER, 1, BYTE },
	{ "net.ipv4.tcp_window_scaling", LATER, 1, BYTE },
	{ "net.ipv4.tcp_workaround_signed_windows", LATER, 1, BYTE },
	{ "net.ipv6.anycast_src_echo_reply", LATER, 1, BYTE },
	{ "net.ipv6.bindv6only", LATER, 1, BYTE },
	{ "net.ipv6.flowlabel_consistency", LATER, 1, BYTE },
	{ "net.ipv6.flowlabel_state_ranges", LATER, 1, BYTE },
	{ "net.ipv6.fwmark_reflect", LATER, 1, BYTE },
	{ "net.ipv6.icmp.echo_ignore_all", LATER, 1, BYTE },
	{ "net.ipv6.icmp.echo_ignore_anycast", LATER, 1, BYTE },
	{ "net.ipv6.icmp.echo_ignore_multicast", LATER, 1, BYTE },
	{ "net.ipv6.ip_nonlocal_bind", LATER, 1, BYTE },
	{ "net.ipv6.icmp.ratelimit", WHOLE, 1, NATURAL },
	{ "net.ipv4.tcp_comp_sack_delay_ns", LARGE, 1, NUMBERS },
	{ "net.ipv4.tcp_comp_sack_slack_ns", LARGE, 1, NUMBERS },
	{ "net.ipv4.ping_group_range", GROUPS, 2, NUMBERS },
	{ "net.ipv4.ip_local_port_range", PORTS, 2, NUMBERS },
	{ "net.ipv4.ip_local_reserved_ports", LIST, 1, NUMBERS },
	{ "net.ipv4.tcp_congestion_control", NAME, 1, NUMBERS },
	/* of each interface */
	{ "net.ipv4.conf.*.accept_local", WHOLE, 1, NUMBERS },
	{ "net.ipv4.conf.*.accept_redirects", WHOLE, 1, NUMBERS },
	{ "net.ipv4.conf.*.accept_source_route", WHOLE, 1, NUMBERS },
	{ "net.ipv4.conf.*.arp_accept", WHOLE, 1, NUMBERS },
	{ "net.ipv4.conf.*.arp_announce", WHOLE, 1, NUMBERS },
	{ "net.ipv4.conf.*.arp_filter", WHOLE, 1, NUMBERS },
	{ "net.ipv4.conf.*.arp_ignore", WHOLE, 1, NUMBERS },
	{ "net.ipv4.conf.*.arp_notify", WHOLE, 1, NUMBERS },
	{ "net.ipv4.conf.*.bc_forwarding", WHOLE, 1, NUMBERS },
	{ "net.ipv4.conf.*.bootp_relay", WHOLE, 1, NUMBERS },
	{ "net.ipv4.conf.*.disable_policy", WHOLE, 1, NUMBERS },
	{ "net.ipv4.conf.*.disable_xfrm", WHOLE, 1, NUMBERS },
	{ "net.ipv4.conf.*.drop_gratuitous_arp", WHOLE, 1, NUMBERS },
	{ "net.ipv4.conf.*.drop_unicast_in_l2_multicast", WHOLE, 1, NUMBERS },
	{ "net.ipv4.conf.*.force_igmp_version", WHOLE, 1, NUMBERS },
	{ "net.ipv4.conf.*.forwarding", WHOLE, 1, NUMBERS },
	{ "net.ipv4.conf.*.ignore_routes_with_linkdown", WHOLE, 1, NUMBERS },
	{ "net.ipv4.conf.*.log_martians", WHOLE, 1, NUMBERS },
	{ "net.ipv4.conf.*.medium_id", WHOLE, 1, NUMBERS },
	{ "net.ipv4.conf.*.promote_secondaries", WHOLE, 1, NUMBERS },
	{ "net.ipv4.conf.*.proxy_arp", WHOLE, 1, NUMBERS },
	{ "net.ipv4.conf.*.proxy_arp_pvlan", WHOLE, 1, NUMBERS },
	{ "net.ipv4.conf.*.route_localnet", WHOLE, 1, NUMBERS },
	{ "net.ipv4.conf.*.rp_filter", WHOLE, 1, NUMBERS },
	{ "net.ipv4.conf.*.secure_redirects", WHOLE, 1, NUMBERS },
	{ "net.ipv4.conf.*.send_redirects", WHOLE, 1, NUMBERS },
	{ "net.ipv4.conf.*.shared_media", WHOLE, 1, NUMBERS },
	{ "net.ipv4.conf.*.src_valid_mark", WHOLE, 1, NUMBERS },
	{ "net.ipv4.conf.*.tag", WHOLE, 1, NUMBERS },
	{ "net.ipv6.conf.*.accept_dad", WHOLE, 1, NUMBERS },
	{ "net.ipv6.conf.*.accept_ra", WHOLE, 1, NUMBERS },
	{ "net.ipv6.conf.*.accept_ra_defrtr", WHOLE, 1, NUMBERS },
	{ "net.ipv6.conf.*.accept_ra_from_local", WHOLE, 1, NUMBERS },
	{ "net.ipv6.conf.*.accept_ra_min_hop_limit", WHOLE, 1, NUMBERS },
	{ "net.ipv6.conf.*.accept_ra_mtu", WHOLE, 1, NUMBERS },
	{ "net.ipv6.conf.*.accept_ra_pinfo", WHOLE, 1, NUMBERS },
	{ "net.ipv6.conf.*.accept_redirects", WHOLE, 1, NUMBERS },
	{ "net.ipv6.conf.*.accept_source_route", WHOLE, 1, NUMBERS },
	{ "net.ipv6.conf.*.autoconf", WHOLE, 1, NUMBERS },
	{ "net.ipv6.conf.*.dad_transmits", WHOLE, 1, NUMBERS },
	{ "net.ipv6.conf.*.disable_ipv6", WHOLE, 1, NUMBERS },
	{ "net.ipv6.conf.*.disable_policy", WHOLE, 1, NUMBERS },
	{ "net.ipv6.conf.*.drop_unicast_in_l2_multicast", WHOLE, 1, NUMBERS },
	{ "net.ipv6.conf.*.drop_unsolicited_na", WHOLE, 1, NUMBERS },
	{ "net.ipv6.conf.*.enhanced_dad", WHOLE, 1, NUMBERS },
	{ "net.ipv6.conf.*.force_mld_version", WHOLE, 1, NUMBERS },
	{ "net.ipv6.conf.*.force_tllao", WHOLE, 1, NUMBERS },
	{ "net.ipv6.conf.*.forwarding", WHOLE, 1, NUMBERS },
	{ "net.ipv6.conf.*.keep_addr_on_down", WHOLE, 1, NUMBERS },
	{ "net.ipv6.conf.*.max_addresses", WHOLE, 1, NUMBERS },
	{ "net.ipv6.conf.*.max_desync_factor", WHOLE, 1, NUMBERS },
	{ "net.ipv6.conf.*.ndisc_notify", WHOLE, 1, NUMBERS },
	{ "net.ipv6.conf.*.proxy_ndp", WHOLE, 1, NUMBERS },
	{ "net.ipv6.conf.*.router_solicitations", WHOLE, 1, NUMBERS },
	{ "net.ipv6.conf.*.seg6_enabled", WHOLE, 1, NUMBERS },
	{ "net.ipv6.conf.*.suppress_frag_ndisc", WHOLE, 1, NUMBERS },
	{ "net.ipv6.conf.*.temp_prefered_lft", WHOLE, 1, NUMBERS },
	{ "net.ipv6.conf.*.temp_valid_lft", WHOLE, 1, NUMBERS },
	{ "net.ipv6.conf.*.use_oif_addrs_only", WHOLE, 1, NUMBERS },
	{ "net.ipv6.conf.*.use_tempaddr", WHOLE, 1, NUMBERS },
	{ "net.ipv6.conf.*.hop_limit", WHOLE, 1, 1, 255 },
	{ "net.ipv6.conf.*.mtu", WHOLE, 1, 1280, INT_MAX },
	{ "net.ipv6.conf.*.addr_gen_mode", LATER, 1, 0, 3 },
	/* ipc, uts */
	{ "kernel.msgmax", WHOLE, 1, NATURAL },
	{ "kernel.msgmnb", WHOLE, 1, NATURAL },
	{ "kernel.msgmni", WHOLE, 1, 0, 32768 },
	{ "kernel.shmmni", WHOLE, 1, 0, 32768 },
	{ "kernel.sem", SETS, 4, NUMBERS },
	{ "kernel.shm_rmid_forced", WHOLE, 1, BOOLEAN },
	{ "kernel.shmall", LARGE, 1, NUMBERS },
	{ "kernel.shmmax", LARGE, 1, NUMBERS },
	{ "kernel.domainname", ANY, 1, NUMBERS },
	{ "fs.mqueue.queues_max", WHOLE, 1, NUMBERS },
	{ "fs.mqueue.msg_max", WHOLE, 1, 1, 65536 },
	{ "fs.mqueue.msg_default", WHOLE, 1, 1, 65536 },
	{ "fs.mqueue.msgsize_max", WHOLE, 1, 128, 16777216 },
	{ "fs.mqueue.msgsize_default", WHOLE, 1, 128, 16777216 },
};

/* Which namespace has it; a prefix again. Runtimes refuse all others by their names. */
static const struct {
	const char *name, *space;
} spaces[] = {
	{ "net.", "network" },		{ "fs.mqueue.", "ipc" },
	{ "kernel.msgmax", "ipc" },	{ "kernel.msgmnb", "ipc" },
	{ "kernel.msgmni", "ipc" },	{ "kernel.sem", "ipc" },
	{ "kernel.shmall", "ipc" },	{ "kernel.shmmax", "ipc" },
	{ "kernel.shmmni", "ipc" },	{ "kernel.shm_rmid_forced", "ipc" },
	{ "kernel.domainname", "uts" },
};

/* ---- names ---- */

/* Where @name has an asterisk @sysctl has one component; *@interface is where that begins. */
static bool fits(const char *name, const char *sysctl, const char **interface)
{
	const char *star = strchr(name, '*');
	const size_t len = star ? (size_t)(star - name) : strlen(name);
	const char last = name[strlen(name) - 1];

	if (strncmp(name, sysctl, len) != 0)
		return false;
	if (!star)
		return last == '.' || last == '_' || !sysctl[len];
	*interface = sysctl + len;
	sysctl += len + strcspn(sysctl + len, ".");
	return streq(star + 1, sysctl);
}

static const struct sysctl *find(const char *name, const char **interface)
{
	for (size_t i = 0; i < ARRAY_SIZE(sysctls); i++)
		if (fits(sysctls[i].name, name, interface))
			return &sysctls[i];
	return NULL;
}

static const char *namespace_of(const char *name)
{
	const char *none;

	for (size_t i = 0; i < ARRAY_SIZE(spaces); i++)
		if (fits(spaces[i].name, name, &none))
			return spaces[i].space;
	return NULL;
}

/* With dots for slashes, and one for several, as they are looked up. NULL: out of memory. */
static const char *with_dots(struct look *l, const char *name)
{
	char *dots = arena_strdup(l->arena, name), *to = dots;

	for (const char *s = dots; s && *s; s++) {
		*to = *s == '/' ? '.' : *s;
		if (*to != '.' || to == dots || to[-1] != '.')
			to++;
	}
	if (dots)
		*to = '\0';
	return dots;
}

/* ---- values ---- */

/* One word as the kernel reads it: C's numbers, an end that is white or the string's. */
struct numeral {
	bool number, negative;
	unsigned long value;
	const char *end;
};

static bool is_white(char c)
{
	return c && strchr(" \t\n", c);
}

static struct numeral read_numeral(const char *text)
{
	struct numeral word = { 0 };
	char *end;

	word.negative = *text == '-';
	text += word.negative;
	errno = 0;
	word.value = strtoul(text, &end, 0);
	word.number = *text >= '0' && *text <= '9' && !errno && (!*end || is_white(*end));
	word.end = end;
	return word;
}

/* What a number is compared as: nothing that is in use is beyond a long. */
static long as_long(const struct numeral *word)
{
	const long value = word->value > LONG_MAX ? LONG_MAX : (long)word->value;

	return word->negative ? -value : value;
}

static enum truth takes_numeral(const struct sysctl *sysctl, const struct numeral *word)
{
	const bool ranged = sysctl->min != LONG_MIN;
	const long value = as_long(word);
	const long least = ranged ? sysctl->min : INT_MIN;
	const long most = ranged ? sysctl->max : INT_MAX;

	if (!word->number)
		return NO;
	if (sysctl->kind == LARGE)
		return word->negative && word->value ? NO : YES;
	if (value >= least && value <= most)
		return YES;
	return sysctl->kind == LATER && value >= INT_MIN && value <= INT_MAX ? UNKNOWN : NO;
}

/* What is behind the words that count is not looked at; nothing at all changes nothing. */
static enum truth takes_numbers(const struct sysctl *sysctl, const char *text)
{
	enum truth takes = YES;

	for (unsigned i = 0; i < sysctl->words && takes == YES; i++) {
		struct numeral word;

		text += strspn(text, " \t\n");
		if (!*text && i > 0)
			return YES;
		word = read_numeral(text);
		takes = takes_numeral(sysctl, &word);
		text = word.end;
	}
	return takes;
}

/* Two numbers up to @max; false: they are something else. The second is the largest by default. */
static bool read_pair(const char *text, unsigned long max, unsigned long pair[2])
{
	for (size_t i = 0; i < 2; i++) {
		struct numeral word;

		text += strspn(text, " \t\n");
		if (!*text && i > 0)
			return true;
		word = read_numeral(text);
		if (!word.number || word.negative || word.value > max)
			return false;
		pair[i] = word.value;
		text = word.end;
	}
	return true;
}

static enum truth takes_groups(const struct look *l, const char *text)
{
	const struct spec *spec = &l->bundle->spec;
	unsigned long pair[2] = { 0, 0 };

	if (!read_pair(text, INT_MAX, pair))
		return NO;
	if (!spec->user_namespace || pair[0] > pair[1])
		return YES;
	if (spec->user_namespace_path || !spec->gid_mappings.n)
		return UNKNOWN;
	return spec_maps(&spec->gid_mappings, (uint32_t)pair[0]) &&
			       spec_maps(&spec->gid_mappings, (uint32_t)pair[1])
		       ? YES
		       : NO;
}

/* IPCMNI, as above for msgmni and shmmni. */
#define SETS_MAX 32768

static enum truth takes_sets(const struct sysctl *sysctl, const char *text)
{
	enum truth takes = takes_numbers(sysctl, text);
	struct numeral word = { 0 };

	for (unsigned i = 0; takes == YES && i < sysctl->words && *text; i++) {
		word = read_numeral(text + strspn(text, " \t\n"));
		text = word.end;
		if (i + 1 == sysctl->words && (word.negative || word.value > SETS_MAX))
			takes = NO;
	}
	return takes;
}

static enum truth takes_ports(const char *text)
{
	unsigned long pair[2] = { 0, 65535 };

	return read_pair(text, 65535, pair) && pair[0] > 0 && pair[0] <= pair[1] ? YES : NO;
}

/* "8000-8010,9000" */
static enum truth takes_list(const char *text)
{
	while (*text) {
		unsigned long first, last;
		char *end;

		text += strspn(text, ", \t\n");
		if (!*text)
			break;
		first = last = strtoul(text, &end, 10);
		if (end == text)
			return NO;
		if (*end == '-')
			last = strtoul(end + 1, &end, 10);
		if (last > 65535 || first > last || (*end && !strchr(", \t\n", *end)))
			return NO;
		text = end;
	}
	return YES;
}

static enum truth takes(const struct look *l, const struct sysctl *sysctl, const char *text)
{
	if (!*text)
		return YES;
	switch (sysctl->kind) {
	case GROUPS:
		return takes_groups(l, text);
	case PORTS:
		return takes_ports(text);
	case LIST:
		return takes_list(text);
	case SETS:
		return takes_sets(sysctl, text);
	case NAME:
		return streq(text, "reno") ? YES : UNKNOWN;
	case ANY:
		return YES;
	default:
		return takes_numbers(sysctl, text);
	}
}

/* ---- the check ---- */

/* A sysctl of the document; @name is in dots. */
struct setting {
	uint32_t key, value;
	const char *name, *space;
};

/* What may make interfaces before sysctls are set. */
static bool has_hooks(const struct look *l)
{
	static const char *const stages[] = { "prestart", "createRuntime", "createContainer" };

	for (size_t i = 0; i < ARRAY_SIZE(stages); i++) {
		const uint32_t stage = LINT_AT(l, "hooks", stages[i]);

		if (!is_absent(l, stage) && l->bundle->doc.tokens[stage].count > 0)
			return true;
	}
	return false;
}

/* A new namespace has lo, and what hooks make in time. */
static struct refusal missing_interface(const struct look *l, const char *interface)
{
	static const char *const there[] = { "all.", "default.", "lo." };

	for (size_t i = 0; i < ARRAY_SIZE(there); i++)
		if (starts_with(interface, there[i]))
			return lint_refused_as(lint_weight_of(EFFECT_NONE));
	if (lint_joins_namespace(l, "network"))
		return lint_refused_perhaps();
	if (!has_hooks(l))
		return lint_refused_by_all();
	return (struct refusal){
		lint_weight(l, SYSCTL_AFTER_HOOKS, EFFECT_UNJUDGED, EFFECT_ERROR),
		runtime_does(l->lint->runtime, SYSCTL_AFTER_HOOKS) == UNKNOWN ? " under crun" : "",
	};
}

/* Where the host is this one: whether its kernel has @name at all. */
static bool host_lacks(const struct look *l, const char *name)
{
	char path[256];
	const int n = snprintf(path, sizeof(path), "/proc/sys/%s", name);

	if (!l->lint->options.host_mounts || n < 0 || (size_t)n >= sizeof(path))
		return false;
	for (char *s = path; *s; s++)
		if (*s == '.')
			*s = '/';
	return access(path, F_OK) < 0 && errno == ENOENT;
}

/* Kernels before 6.9 let only the host's root set them. */
static bool host_lets_root(const struct look *l)
{
	struct utsname host;
	unsigned major, minor;

	return l->lint->options.host_mounts && uname(&host) == 0 &&
	       sscanf(host.release, "%u.%u", &major, &minor) == 2 &&
	       (major > 6 || (major == 6 && minor >= 9));
}

static int check_owner(struct look *l, const struct setting *s)
{
	if (!l->bundle->spec.user_namespace || streq(s->space, "network"))
		return 0;
	if (streq(s->space, "uts"))
		return lint_refuse(l, lint_refused_by_all(), s->key, "set 'domainname' instead",
				   "the root of a user namespace cannot set the sysctl %.60s",
				   s->name);
	if (host_lets_root(l))
		return 0;
	return lint_refuse(l, lint_refused_perhaps(), s->key,
			   "give --host-mounts on the host that runs the container",
			   "kernels before 6.9 do not let the root of a user namespace set the "
			   "sysctl %.60s",
			   s->name);
}

static int check_value(struct look *l, const struct setting *s, const struct sysctl *sysctl)
{
	const char *text;
	enum truth fine;
	int r;

	if (!is_text(l, s->value))
		return lint_wrong(l, lint_weight_of(EFFECT_ERROR), s->value,
				  "the value of a sysctl must be a string");
	r = json_string(&l->bundle->doc, s->value, l->arena, &text, NULL);
	if (r < 0)
		return r == -ENOMEM ? error_oom(l->err) : 0;
	fine = takes(l, sysctl, text);
	if (fine == YES)
		return 0;
	return lint_refuse(l, fine == NO ? lint_refused_by_all() : lint_refused_perhaps(), s->value,
			   "write a value that the kernel accepts",
			   fine == NO ? "the kernel does not accept %.*s for the sysctl %.60s"
				      : "not every kernel accepts %.*s for the sysctl %.60s",
			   WRITTEN(l, s->value), s->name);
}

static int check_known(struct look *l, const struct setting *s)
{
	const char *interface = NULL;
	const struct sysctl *sysctl = find(s->name, &interface);
	struct refusal by = lint_refused_as(lint_weight_of(EFFECT_NONE));
	int r;

	if (!sysctl)
		return lint_refuse(
			l, host_lacks(l, s->name) ? lint_refused_by_all() : lint_refused_perhaps(),
			s->key, "remove it, unless each host has it",
			"it is not known whether a new namespace has the sysctl %.60s", s->name);
	if (sysctl->kind == HOST)
		return lint_refuse(
			l,
			lint_joins_namespace(l, s->space) ? lint_refused_perhaps()
							  : lint_refused_by_all(),
			s->key, "set it on the host",
			"the sysctl %.60s belongs to the host, and cannot be set in another namespace",
			s->name);
	if (interface)
		by = missing_interface(l, interface);
	r = lint_refuse(l, by, s->key, "name 'all', 'default' or 'lo', or let a later hook set it",
			"a new network namespace does not have the interface of the sysctl %.60s",
			s->name);
	return r < 0 ? r : check_value(l, s, sysctl);
}

static int check_setting(struct look *l, struct setting *s)
{
	int r;

	s->space = namespace_of(s->name);
	if (streq(s->name, "kernel.hostname"))
		return lint_refuse(l, lint_refused_by_all(), s->key, "set 'hostname' instead",
				   "runtimes do not set the sysctl kernel.hostname");
	if (!s->space)
		return lint_refuse(l, lint_refused_by_all(), s->key, "set it on the host",
				   "the sysctl %.*s does not belong to a namespace",
				   WRITTEN(l, s->key));
	if (!lint_has_namespace(l, s->space))
		return lint_refuse(
			l, lint_refused_by_all(), s->key, "add the namespace, or remove the sysctl",
			"the sysctl %.60s needs a namespace of type '%s'", s->name, s->space);
	r = check_owner(l, s);
	return r < 0 ? r : check_known(l, s);
}

/* Not every runtime sets them by a procfs of its own. */
static int check_procfs(struct look *l, uint32_t first)
{
	const struct spec *spec = &l->bundle->spec;

	for (size_t i = 0; i < spec->n_mounts; i++)
		if (streq(spec->mounts[i].destination, "/proc") &&
		    spec_mount_has(&spec->mounts[i], "ro"))
			return lint_refuse(l, lint_refused_by(l, SYSCTL_BY_ITS_PROC), first,
					   "mount /proc without 'ro', and use readonlyPaths",
					   "sysctls cannot be set where /proc is read-only");
	return 0;
}

int lint_sysctls(struct look *l)
{
	uint32_t first = JSON_NONE;
	int r = 0;

	EACH(l, LINT_AT(l, "linux", "sysctl"), each)
	{
		struct setting s = { json_key(&l->bundle->doc, each), each, NULL, NULL };
		const char *written;

		if (r < 0)
			return r;
		first = first == JSON_NONE ? s.key : first;
		r = json_string(&l->bundle->doc, s.key, l->arena, &written, NULL);
		if (r == 0)
			s.name = with_dots(l, written);
		if (r == -ENOMEM || (r == 0 && !s.name))
			return error_oom(l->err);
		r = r == 0 ? check_setting(l, &s) : 0;
	}
	return r < 0 || first == JSON_NONE ? r : check_procfs(l, first);
}
