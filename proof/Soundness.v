(* All that is proved of the lowering and the analysis: for every n the circuit of a program is
   well formed, keeps to the bounds of the analysis, and computes what the program means. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Gates Arith Index Program Analysis Lowering.
From TC0 Require Import Invariant Operations.
Import ListNotations.
Open Scope Z_scope.

(* ---- programs ---- *)

(* All values agree with what is known of them and what they mean. *)
Definition Envs n x ni G (senv : list st) (env : list val) (tenv : list tensor) : Prop :=
  length env = length senv /\ length tenv = length senv /\
  forall k, Inv n x ni G (nth k senv snone) (nth k env vnone) (nth k tenv tnone).

(* Any operation keeps the invariant. *)
Lemma step1_ok n x ni G senv env tenv o :
  (1 <= n)%nat -> topo ni G -> Envs n x ni G senv env tenv -> ok1 senv o = true ->
  step_ok n x ni G (ana1 senv o) (low1 n senv env o) (sem1 n tenv o) (gates1 n senv env o)
    (count1 senv o).
Proof.
  intros N T (_ & _ & E) O. destruct o.
  - now apply osum_ok.
  - now apply oadd_ok.
  - now apply ostep_ok.
  - now apply ocon_ok.
  - now apply oquo_ok.
  - now apply omax_ok.
Qed.

(* Values that agree may be followed by one more that does. *)
Lemma envs_snoc n x ni G H senv env tenv s v t :
  Envs n x ni G senv env tenv -> (forall g, In g G -> In g H) ->
  Inv n x ni H s v t -> Envs n x ni H (senv ++ [s]) (env ++ [v]) (tenv ++ [t]).
Proof.
  intros (L1 & L2 & E) M V.
  split; [| split]; [rewrite !app_length; simpl; lia | rewrite !app_length; simpl; lia |].
  intro k.
  destruct (Nat.lt_trichotomy k (length senv)) as [K | [K | K]].
  - rewrite !app_nth1 by lia. eapply inv_mono; eauto.
  - rewrite !app_nth2 by lia. rewrite L1, L2, K, Nat.sub_diag. exact V.
  - rewrite !nth_overflow by (rewrite app_length; simpl; lia).
    apply inv_none.
Qed.

(* Any list of operations keeps to the bounds of the analysis, and all its values agree. *)
Lemma lowers_ok n x ni ops : (1 <= n)%nat -> forall senv env tenv G count lev p d,
  topo ni G -> Envs n x ni G senv env tenv -> (length G <= cev count n)%nat ->
    (forall g, In g G -> (tlev g <= lev)%nat) ->
  anas ops senv count lev = Some (p, d) ->
  let r := lowers n ops senv env G in
  topo ni (snd r) /\ (length (snd r) <= cev p n)%nat /\
    (forall g, In g (snd r) -> (tlev g <= d)%nat) /\
  exists senv', Envs n x ni (snd r) senv' (fst r) (sems n ops tenv).
Proof.
  intro N.
  induction ops as [| o ops IH]; intros senv env tenv G count lev p d T E C L A; simpl in *.
  - injection A as <- <-.
    split; [auto | split; [auto | split; [auto | eauto]]].
  - destruct (ok1 senv o) eqn:O; [| easy].
    destruct (step1_ok n x ni G senv env tenv o N T E O) as (F & K & V & I).
    eapply IH; [| | | | exact A].
    + exact F.
    + eapply envs_snoc; eauto. intros; apply in_or_app; auto.
    + rewrite app_length, cev_add. lia.
    + intros g Hg. apply in_app_iff in Hg.
      destruct Hg as [Hg | Hg]; [specialize (L g Hg) | specialize (V g Hg)]; lia.
Qed.

(* An input agrees with what is known of it and what it means. *)
Lemma low0_ok a n o ni x : (o + nbits a n <= ni)%nat ->
  Inv n x ni [] (st0 a) (low0 a n o) (sem0 a n o x).
Proof.
  intro O. constructor; simpl; auto; try easy.
  - intro i. rewrite !table_eq.
    destruct (inb (dims n (in_shape a)) i); auto. unfold seval; simpl.
    rewrite wsum_map. do 2 f_equal. apply map_ext. intro b.
    unfold leval; simpl. now destruct (x _).
  - intros i l. rewrite nrm_true, !table_eq by auto.
    destruct (inb (dims n (in_shape a)) i); auto.
  - intros i l. rewrite table_eq.
    destruct (inb (dims n (in_shape a)) i) eqn:E; [| easy]. rewrite map_map.
    simpl. rewrite in_map_iff. intros (b & <- & B).
    apply in_seq in B. simpl. split; [| split; [simpl; lia | easy]].
    unfold wire, nbits in *. pose proof (ravel_lt _ i 0 E) as R.
    simpl in R. nia.
  - intro i. rewrite table_eq.
    destruct (inb (dims n (in_shape a)) i); [| simpl; lia].
    rewrite !map_length, seq_length, cev_c. lia.
Qed.

(* So do all inputs. *)
Lemma lows0_ok n x ni ins : forall o, (o + list_sum (map (fun a => nbits a n) ins) <= ni)%nat ->
  Envs n x ni [] (map st0 ins) (lows0 ins n o) (sems0 ins n o x).
Proof.
  induction ins as [| a r IH]; simpl; intros o O.
  - split; [auto | split; [auto |]]. intros [| k]; apply inv_none.
  - destruct (IH (o + nbits a n)%nat) as (L & K & E); [lia |].
    split; [simpl; lia | split; [simpl; lia |]].
    intros [| k]; simpl; [apply low0_ok; lia | apply E].
Qed.

(* ---- results ---- *)

(* The circuit computes the program and keeps to the bounds of the analysis, for every n. *)
Theorem compile_ok p count lev : analyse p = Some (count, lev) ->
  forall n, (1 <= n)%nat -> let c := compile p n in
  wf c /\ (depth c <= lev)%nat /\ (size c <= cev count n)%nat /\ forall x, eval c x = meaning p n x.
Proof.
  intros A n N c.
  assert (H : forall x, topo (ninputs p n) (snd (lowered p n)) /\
    (length (snd (lowered p n)) <= cev count n)%nat /\
    (forall g, In g (snd (lowered p n)) -> (tlev g <= lev)%nat) /\
    exists senv', Envs n x (ninputs p n) (snd (lowered p n)) senv' (fst (lowered p n))
    (sems n (p_ops p) (sems0 (p_ins p) n 0 x))).
  { intro x. unfold lowered.
    eapply lowers_ok; [auto | apply topo_nil | | | | exact A]; simpl; auto; [| easy].
    now apply lows0_ok. }
  destruct (H (fun _ => false)) as (T & C & L & senv & _ & _ & E).
  destruct (circuit_of_ok (ninputs p n) (snd (lowered p n)) (outputs p n) T) as (W & S & D & V).
  { intros s l Hs Hl. unfold outputs in Hs. apply in_flat_map in Hs.
    destruct Hs as (k & _ & Hs). apply in_map_iff in Hs.
    destruct Hs as (i & <- & _). apply (E k) in Hl.
    now apply E in Hl. }
  fold c in W, S, D, V. fold (compile p n) in W, S, D, V. subst c.
  split; [auto |]. split; [| split].
  - rewrite D. apply list_max_le, Forall_map, Forall_forall. auto.
  - rewrite S. auto.
  - intro x. rewrite V.
    destruct (H x) as (_ & _ & _ & senv' & _ & _ & E').
    unfold outputs, meaning. rewrite !flat_map_concat_map, concat_map, map_map. f_equal.
    apply map_ext. intro k. unfold elements.
    rewrite (i_tsh _ _ _ _ _ _ _ (E' k)), map_map. apply map_ext. intro i.
    apply (E' k).
Qed.
Print Assumptions compile_ok.

(* The circuits of a program are a TC0 family. *)
Corollary compile_TC0 p count lev : analyse p = Some (count, lev) -> TC0_family lev (compile p).
Proof.
  intros A. exists (map N.to_nat count). intros n N.
  destruct (compile_ok p count lev A n N) as (? & ? & S & _).
  split; [auto | split; [auto |]]. rewrite <- cev_poly, map_map.
  rewrite (map_ext _ (fun x => x)), map_id; auto using N2Nat.id.
Qed.
Print Assumptions compile_TC0.
